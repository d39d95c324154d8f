using IncomingCalls.Shared;

namespace IncomingCalls;

/// <summary>
/// The options of the in-memory inbox, which stores calls in memory and runs the handlers before the acknowledgement;
/// configuration section <c>IncomingCalls:InMemory</c>.
/// </summary>
public sealed class InMemoryInboxOptions
{
    /// <summary>The keys of the section.</summary>
    internal static readonly KnownKeys Keys = new() { nameof(MaxCalls), nameof(DeduplicationWindow) };

    /// <summary>How long calls are stored to deduplicate redeliveries. The gateway redelivers for 24 hours.</summary>
    /// <value>Default: 72 hours. Range: 1 hour to 14 days.</value>
    public TimeSpan DeduplicationWindow { get; set; } = TimeSpan.FromHours(72);

    /// <summary>The maximum number of stored calls; the oldest finished calls are evicted first. A call takes about 1 KiB. Also the maximum number of values of handlers (<see cref="ICallHandlerStore"/>) and of persons (<see cref="ICallbacks"/>).</summary>
    /// <value>Default: 50,000. Range: 100 to 10,000,000.</value>
    [NumberRange(100, 10_000_000)]
    public int MaxCalls { get; set; } = 50_000;
}
