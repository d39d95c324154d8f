using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>Says which key is wrong and what to write.</summary>
internal sealed class SqliteInboxOptionsValidator : IValidateOptions<SqliteInboxOptions>
{
    private const string Section = "IncomingCalls:Sqlite";

    public ValidateOptionsResult Validate(string? name, SqliteInboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> failures = [];
        void That(bool holds, string key, string complaint)
        {
            if (!holds)
            {
                failures.Add($"{Section}:{key} {complaint}");
            }
        }

        var least = options.AllowShortRepeatWindow ? TimeSpan.FromSeconds(1) : TimeSpan.FromHours(24);
        That(!string.IsNullOrWhiteSpace(options.Path), "Path", "is missing. Write the path of a file, for example data/calls.db, or call UseSqliteInbox(\"data/calls.db\").");
        That(!IsInMemory(options.Path), "Path", "is not a file: a database in memory would lose every call that was acknowledged. Write the path of a file.");
        That(
            options.RepeatWindow >= least && options.RepeatWindow <= TimeSpan.FromDays(365),
            "RepeatWindow",
            $"is {options.RepeatWindow:c}. The gateway repeats for 24 hours: write 1.00:00:00 or more, at most 365 days. (AllowShortRepeatWindow lifts this.)");
        That(
            options.Retention >= options.RepeatWindow && options.Retention <= TimeSpan.FromDays(3650),
            "Retention",
            $"is {options.Retention:c}. Write a time from RepeatWindow ({options.RepeatWindow:c}) to 3650 days.");
        That(options.LockWait >= TimeSpan.Zero && options.LockWait <= TimeSpan.FromHours(1), "LockWait", $"is {options.LockWait:c}. Write a time from 00:00:00 to 01:00:00.");
        That(options.MaxQuarantineItems is >= 1 and <= 1_000_000, "MaxQuarantineItems", $"is {options.MaxQuarantineItems}. Write a number from 1 to 1000000.");
        That(
            options.MaxQuarantineBytes is >= 1024 * 1024 and <= 10L * 1024 * 1024 * 1024,
            "MaxQuarantineBytes",
            $"is {options.MaxQuarantineBytes}. Write a number from 1048576 to 10737418240.");
        That(options.MaxDeadLetters is >= 1 and <= 1_000_000, "MaxDeadLetters", $"is {options.MaxDeadLetters}. Write a number from 1 to 1000000.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>SQLite takes these for something else than a file, the URI form among them.</summary>
    private static bool IsInMemory(string? path) =>
        path is not null && (path.Contains(":memory:", StringComparison.OrdinalIgnoreCase) || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase));
}
