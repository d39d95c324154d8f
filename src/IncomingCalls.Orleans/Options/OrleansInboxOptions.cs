using IncomingCalls.Orleans.StoredItems;
using IncomingCalls.Shared;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>
/// Options of the Orleans inbox; configuration section <c>IncomingCalls:Orleans</c>. Use the same values on every silo. They are validated when
/// the host starts and read once; later changes have no effect.
/// </summary>
public sealed class OrleansInboxOptions
{
    /// <summary>The keys of the section, those of version 1 included.</summary>
    internal static readonly KnownKeys Keys = new()
    {
        nameof(DeduplicationWindow),
        nameof(StorageExpiresEntries),
        nameof(MaxQuarantineItems),
        nameof(MaxQuarantineBytes),
        nameof(MaxDeadLetters),
        nameof(DeadLetterRetention),
        nameof(QuarantineRetention),
        { "RepeatWindow", KnownKeys.Renamed(nameof(DeduplicationWindow)) },
        { "StorageExpires", KnownKeys.Renamed(nameof(StorageExpiresEntries)) },
    };

    /// <summary>The minimum time that finished calls are stored to recognize duplicates. The gateway redelivers for 24 hours.</summary>
    /// <value>Default: 72 hours. Range: 24 hours to 365 days.</value>
    public TimeSpan DeduplicationWindow { get; set; } = TimeSpan.FromHours(72);

    /// <summary>
    /// Whether the storage provider expires calls, as Redis does with <c>EntryExpiry</c>. When false, the inbox deletes calls that are older
    /// than <see cref="DeduplicationWindow"/>, which costs a read and a delete operation per call.
    /// </summary>
    /// <value>Default: false.</value>
    public bool StorageExpiresEntries { get; set; }

    /// <summary>
    /// The maximum number of notifications of one instance in quarantine. Beyond it the oldest are deleted and an Error is logged. All instances together have at most 10,000; beyond that, the oldest of the
    /// instance with the most are deleted.
    /// </summary>
    /// <value>Default: 10,000. Range: 1 to 10,000.</value>
    [NumberRange(1, StoredItemLimits.MaxItems)]
    public int MaxQuarantineItems { get; set; } = 10_000;

    /// <summary>The maximum size of the quarantine in bytes. Beyond it the oldest notifications of the instance with the most bytes are deleted, and an Error is logged.</summary>
    /// <value>Default: 104,857,600 (100 MiB). Range: 1 MiB to 10 GiB.</value>
    [NumberRange(1024 * 1024, 10L * 1024 * 1024 * 1024)]
    public long MaxQuarantineBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>
    /// The maximum number of dead letters of one instance. Beyond it the oldest are deleted and an Error is logged. All instances together have at most 10,000; beyond that, the oldest of the instance with
    /// the most are deleted.
    /// </summary>
    /// <value>Default: 10,000. Range: 1 to 10,000.</value>
    [NumberRange(1, StoredItemLimits.MaxItems)]
    public int MaxDeadLetters { get; set; } = 10_000;

    /// <summary>How long dead letters are stored, from the last attempt. They contain personal data.</summary>
    /// <value>Default: 30 days. Range: 1 day to 3650 days.</value>
    public TimeSpan DeadLetterRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long notifications are stored in quarantine. They contain personal data.</summary>
    /// <value>Default: 14 days. Range: 1 day to 3650 days.</value>
    public TimeSpan QuarantineRetention { get; set; } = TimeSpan.FromDays(14);
}

/// <summary>Validates <see cref="OrleansInboxOptions"/>.</summary>
/// <param name="bound">The sections that were bound to the options.</param>
internal sealed class OrleansInboxOptionsValidator(IEnumerable<BoundSection<OrleansInboxOptions>> bound) : IValidateOptions<OrleansInboxOptions>
{
    private readonly OrleansInboxOptionsRanges _ranges = new();

    public ValidateOptionsResult Validate(string? name, OrleansInboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var check = new OptionsCheck("IncomingCalls:Orleans", bound.Select(section => section.Section));
        check.RequireBetween("DeduplicationWindow", options.DeduplicationWindow, TimeSpan.FromDays(1), TimeSpan.FromDays(365));
        check.RequireBetween("DeadLetterRetention", options.DeadLetterRetention, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        check.RequireBetween("QuarantineRetention", options.QuarantineRetention, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        check.RequireRanges(_ranges, options);
        return check.Result;
    }
}

/// <summary>Validates the ranges of the whole numbers, which are declared by attributes.</summary>
[OptionsValidator]
internal sealed partial class OrleansInboxOptionsRanges : IValidateOptions<OrleansInboxOptions>;
