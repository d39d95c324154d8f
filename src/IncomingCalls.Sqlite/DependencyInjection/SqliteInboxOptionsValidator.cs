using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>Says which key is wrong and what to write.</summary>
internal sealed class SqliteInboxOptionsValidator : IValidateOptions<SqliteInboxOptions>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, SqliteInboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var check = new OptionsCheck("IncomingCalls:Sqlite");
        check.Require(!string.IsNullOrWhiteSpace(options.Path), "Path", "is missing. Write the path of a file, for example data/calls.db, or call UseSqliteInbox(\"data/calls.db\").");
        check.Require(!IsInMemory(options.Path), "Path", "is not a file: a database in memory would lose every call that was acknowledged. Write the path of a file.");
        check.Require(
            options.AllowShortDeduplicationWindow || options.DeduplicationWindow >= Day,
            "RepeatWindow",
            $"is {options.DeduplicationWindow:c}, and the gateway repeats for 24 hours: handlers would run again. Write 1.00:00:00 or more, or set AllowShortRepeatWindow.");
        check.RequireBetween("RepeatWindow", options.DeduplicationWindow, TimeSpan.FromSeconds(1), 365 * Day);
        check.RequireBetween("Retention", options.Retention, options.DeduplicationWindow, 3650 * Day);
        check.RequireBetween("LockWait", options.LockTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
        check.RequireBetween("MaxQuarantineItems", options.MaxQuarantineItems, 1, 1_000_000);
        check.Require(
            options.MaxQuarantineBytes is >= 1024 * 1024 and <= 10L * 1024 * 1024 * 1024,
            "MaxQuarantineBytes",
            $"is {options.MaxQuarantineBytes}. Write a number from 1048576 to 10737418240.");
        check.RequireBetween("MaxDeadLetters", options.MaxDeadLetters, 1, 1_000_000);
        return check.Result;
    }

    /// <summary>SQLite takes these for something else than a file, the URI form among them.</summary>
    private static bool IsInMemory(string? path) =>
        path is not null && (path.Contains(":memory:", StringComparison.OrdinalIgnoreCase) || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase));
}
