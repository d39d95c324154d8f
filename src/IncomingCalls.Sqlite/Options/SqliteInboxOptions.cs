using IncomingCalls.Shared;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>The options of the SQLite inbox; section <c>IncomingCalls:Sqlite</c>. Validated when the host starts, and read once.</summary>
public sealed class SqliteInboxOptions
{
    /// <summary>
    /// The file. A relative path starts at the host's content root; a missing folder is made. The file belongs on a local disk:
    /// network file systems do not keep SQLite's locks.
    /// </summary>
    /// <value>Default: null, which is refused.</value>
    public string? Path { get; set; }

    /// <summary>How long calls are remembered at least, to recognise the gateway's repeats. It repeats for 24 hours.</summary>
    /// <value>Default: 72 hours. Range: 24 hours to 365 days; less with <see cref="AllowShortDeduplicationWindow"/>.</value>
    public TimeSpan DeduplicationWindow { get; set; } = TimeSpan.FromHours(72);

    /// <summary>Allows a <see cref="DeduplicationWindow"/> below 24 hours, after which a repeat of the gateway runs every handler again.</summary>
    /// <value>Default: false.</value>
    public bool AllowShortDeduplicationWindow { get; set; }

    /// <summary>How long finished calls are kept. What is not finished, and what has a dead letter, is kept longer.</summary>
    /// <value>Default: 7 days. Range: <see cref="DeduplicationWindow"/> to 3650 days.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long to wait while another process works on the file, which happens when a deployment starts the new process before
    /// it stops the old one. Until then nothing is acknowledged. Afterwards the host is stopped; with zero it does not start.
    /// </summary>
    /// <value>Default: 90 seconds. Range: 0 to 1 hour.</value>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>How many notifications the quarantine holds; beyond it the oldest goes, with an Error in the log.</summary>
    /// <value>Default: 10,000. Range: 1 to 1,000,000.</value>
    public int MaxQuarantineItems { get; set; } = 10_000;

    /// <summary>How many bytes the quarantine holds; beyond it the oldest goes, with an Error in the log.</summary>
    /// <value>Default: 104,857,600 (100 MiB). Range: 1 MiB to 10 GiB.</value>
    public long MaxQuarantineBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>How many dead letters are kept; beyond it the oldest goes, with an Error in the log.</summary>
    /// <value>Default: 10,000. Range: 1 to 1,000,000.</value>
    public int MaxDeadLetters { get; set; } = 10_000;
}

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
            "DeduplicationWindow",
            $"is {options.DeduplicationWindow:c}, and the gateway repeats for 24 hours: handlers would run again. Write 1.00:00:00 or more, or set AllowShortDeduplicationWindow.");
        check.RequireBetween("DeduplicationWindow", options.DeduplicationWindow, TimeSpan.FromSeconds(1), 365 * Day);
        check.RequireBetween("Retention", options.Retention, options.DeduplicationWindow, 3650 * Day);
        check.RequireBetween("LockTimeout", options.LockTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
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
