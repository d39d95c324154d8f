using IncomingCalls.Shared;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>The options of the Orleans inbox; section <c>IncomingCalls:Orleans</c>. The same on every silo. Validated when the host starts, and read once.</summary>
public sealed class OrleansInboxOptions
{
    /// <summary>How long calls are remembered at least, to recognise the gateway's repeats. It repeats for 24 hours.</summary>
    /// <value>Default: 72 hours. Range: 24 hours to 365 days.</value>
    public TimeSpan DeduplicationWindow { get; set; } = TimeSpan.FromHours(72);

    /// <summary>
    /// Whether the storage provider forgets calls by itself, as Redis does with <c>EntryExpiry</c>. Otherwise the inbox clears what is older
    /// than <see cref="DeduplicationWindow"/>, which costs a read and a clearing per call.
    /// </summary>
    /// <value>Default: false.</value>
    public bool StorageExpiresEntries { get; set; }

    /// <summary>How many notifications the quarantine holds; beyond it the oldest goes, with an Error in the log.</summary>
    /// <value>Default: 10,000. Range: 1 to 10,000.</value>
    public int MaxQuarantineItems { get; set; } = 10_000;

    /// <summary>How many bytes the quarantine holds; beyond it the oldest goes, with an Error in the log.</summary>
    /// <value>Default: 104,857,600 (100 MiB). Range: 1 MiB to 10 GiB.</value>
    public long MaxQuarantineBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>How many dead letters are kept; beyond it the oldest goes, with an Error in the log.</summary>
    /// <value>Default: 10,000. Range: 1 to 10,000.</value>
    public int MaxDeadLetters { get; set; } = 10_000;
}

/// <summary>Says which key is wrong and what to write.</summary>
internal sealed class OrleansInboxOptionsValidator : IValidateOptions<OrleansInboxOptions>
{
    /// <summary>The index of a shelf is one state, written as a whole.</summary>
    private const int MaxStoredItems = 10_000;

    public ValidateOptionsResult Validate(string? name, OrleansInboxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var check = new OptionsCheck("IncomingCalls:Orleans");
        check.RequireBetween("DeduplicationWindow", options.DeduplicationWindow, TimeSpan.FromDays(1), TimeSpan.FromDays(365));
        check.RequireBetween("MaxQuarantineItems", options.MaxQuarantineItems, 1, MaxStoredItems);
        check.Require(
            options.MaxQuarantineBytes is >= 1024 * 1024 and <= 10L * 1024 * 1024 * 1024,
            "MaxQuarantineBytes",
            $"is {options.MaxQuarantineBytes}. Write a number from 1048576 to 10737418240.");
        check.RequireBetween("MaxDeadLetters", options.MaxDeadLetters, 1, MaxStoredItems);
        return check.Result;
    }
}
