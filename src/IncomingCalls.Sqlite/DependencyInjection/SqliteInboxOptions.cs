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
