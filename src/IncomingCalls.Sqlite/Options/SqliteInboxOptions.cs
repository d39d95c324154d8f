using IncomingCalls.Shared;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>The options of the SQLite inbox; configuration section <c>IncomingCalls:Sqlite</c>. They are validated and read once, when the host starts.</summary>
public sealed class SqliteInboxOptions
{
    /// <summary>The keys of the section, those of version 1 included.</summary>
    internal static readonly KnownKeys Keys = new()
    {
        nameof(Path),
        nameof(DeduplicationWindow),
        nameof(AllowShortDeduplicationWindow),
        nameof(Retention),
        nameof(LockTimeout),
        nameof(MaxQuarantineItems),
        nameof(MaxQuarantineBytes),
        nameof(MaxDeadLetters),
        nameof(DeadLetterRetention),
        nameof(QuarantineRetention),
        { "RepeatWindow", KnownKeys.Renamed(nameof(DeduplicationWindow)) },
        { "AllowShortRepeatWindow", KnownKeys.Renamed(nameof(AllowShortDeduplicationWindow)) },
        { "LockWait", KnownKeys.Renamed(nameof(LockTimeout)) },
    };

    /// <summary>
    /// The path of the inbox file. A relative path is resolved against the host's content root; a missing directory is created. The file
    /// must be on a local disk: network file systems do not implement SQLite's locks reliably.
    /// </summary>
    /// <value>Default: null. Required: the host does not start without a path.</value>
    public string? Path { get; set; }

    /// <summary>
    /// How long calls are stored at least for the deduplication of notifications. The gateway redelivers a notification for up to 24 hours.
    /// </summary>
    /// <value>Default: 72 hours. Range: 24 hours to 365 days; less with <see cref="AllowShortDeduplicationWindow"/>.</value>
    public TimeSpan DeduplicationWindow { get; set; } = TimeSpan.FromHours(72);

    /// <summary>Whether a <see cref="DeduplicationWindow"/> below 24 hours is allowed. A redelivery after the window runs every handler again.</summary>
    /// <value>Default: false.</value>
    public bool AllowShortDeduplicationWindow { get; set; }

    /// <summary>How long finished calls are stored. Calls that are not finished or have a dead letter are stored longer.</summary>
    /// <value>Default: 7 days. Range: <see cref="DeduplicationWindow"/> to 3650 days.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long to wait for the lock of the file while another process holds it, which happens when a deployment starts the new process
    /// before it stops the old one. No notification is acknowledged during the wait. When the timeout elapses, the host is stopped; with
    /// zero, the host does not start.
    /// </summary>
    /// <value>Default: 90 seconds. Range: 0 to 1 hour.</value>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>The maximum number of notifications of one instance in the quarantine. Above it the oldest are deleted, and an Error is logged.</summary>
    /// <value>Default: 10,000. Range: 1 to 1,000,000.</value>
    [NumberRange(1, 1_000_000)]
    public int MaxQuarantineItems { get; set; } = 10_000;

    /// <summary>The maximum size of the notifications in the quarantine, in bytes. Above it the oldest are deleted, and an Error is logged.</summary>
    /// <value>Default: 104,857,600 (100 MiB). Range: 1 MiB to 10 GiB.</value>
    [NumberRange(1024 * 1024, 10L * 1024 * 1024 * 1024)]
    public long MaxQuarantineBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>The maximum number of dead letters of one instance. Above it the oldest are deleted, and an Error is logged.</summary>
    /// <value>Default: 10,000. Range: 1 to 1,000,000.</value>
    [NumberRange(1, 1_000_000)]
    public int MaxDeadLetters { get; set; } = 10_000;

    /// <summary>How long dead letters are stored, from the last attempt. They contain personal data.</summary>
    /// <value>Default: 30 days. Range: 1 day to 3650 days.</value>
    public TimeSpan DeadLetterRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long notifications are stored in the quarantine. They contain personal data.</summary>
    /// <value>Default: 14 days. Range: 1 day to 3650 days.</value>
    public TimeSpan QuarantineRetention { get; set; } = TimeSpan.FromDays(14);
}

/// <summary>Validates the options. Every message names the key and a valid value.</summary>
/// <param name="bound">The sections that were bound to the options.</param>
internal sealed class SqliteInboxOptionsValidator(IEnumerable<BoundSection<SqliteInboxOptions>> bound) : IValidateOptions<SqliteInboxOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly SqliteInboxOptionsRanges _ranges = new();

    public ValidateOptionsResult Validate(string? name, SqliteInboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var check = new OptionsCheck("IncomingCalls:Sqlite", bound.Select(section => section.Section));
        check.Require(!string.IsNullOrWhiteSpace(options.Path), "Path", "is missing. Write the path of a file, for example data/calls.db, or call UseSqliteInbox(\"data/calls.db\").");
        check.Require(!IsNotAFile(options.Path), "Path", "is not the path of a file. A database in memory would lose acknowledged calls. Write the path of a file.");
        var isWindowValid = check.RequireBetween("DeduplicationWindow", options.DeduplicationWindow, Second, 365 * Day)
            && check.Require(
                options.AllowShortDeduplicationWindow || options.DeduplicationWindow >= Day,
                "DeduplicationWindow",
                $"is {options.DeduplicationWindow:c}, but the gateway redelivers for 24 hours, so handlers would run again. Write 1.00:00:00 or more, or set AllowShortDeduplicationWindow.");
        // A retention is not reported as too short for a window that is itself wrong.
        if (check.RequireBetween("Retention", options.Retention, Second, 3650 * Day) && isWindowValid)
        {
            check.Require(
                options.Retention >= options.DeduplicationWindow,
                "Retention",
                $"is {options.Retention:c}, which is shorter than DeduplicationWindow, {options.DeduplicationWindow:c}. Write {options.DeduplicationWindow:c} or more.");
        }

        check.RequireBetween("LockTimeout", options.LockTimeout, TimeSpan.Zero, TimeSpan.FromHours(1));
        check.RequireBetween("DeadLetterRetention", options.DeadLetterRetention, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        check.RequireBetween("QuarantineRetention", options.QuarantineRetention, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        check.RequireRanges(_ranges, options);
        return check.Result;
    }

    /// <summary>Returns whether SQLite would interpret the path as an in-memory database or as a URI instead of a file.</summary>
    private static bool IsNotAFile(string? path) =>
        path is not null && (path.Contains(":memory:", StringComparison.OrdinalIgnoreCase) || path.StartsWith("file:", StringComparison.OrdinalIgnoreCase));
}

/// <summary>Validates the ranges of the whole numbers, which are declared by attributes.</summary>
[OptionsValidator]
internal sealed partial class SqliteInboxOptionsRanges : IValidateOptions<SqliteInboxOptions>;
