using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace IncomingCalls;

/// <summary>The lines of all instances and the limiter before them.</summary>
internal sealed class ContactInfoRequestQueues(PartitionedRateLimiter<long> limiter) : IDisposable
{
    // The gateway allows n requests in a second. A window that moves on by fifths frees a permit when the fifth it was used in
    // drops out, which may be almost one fifth early; a window of 1.25 s makes that 1 s at least.
    private const int Segments = 5;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1.25);

    private readonly ConcurrentDictionary<long, ContactInfoRequestQueue> _queues = new();

    public static ContactInfoRequestQueues Create(LastKnownGoodOptions<GreenApiOptions> options) => new(PartitionedRateLimiter.Create<long, (long, int)>(
        idInstance => RateLimitPartition.GetSlidingWindowLimiter((idInstance, RequestsPerSecond(options.CurrentValue, idInstance)), static key => new()
        {
            PermitLimit = key.Item2,
            Window = Window,
            SegmentsPerWindow = Segments,
            QueueLimit = int.MaxValue,
        })));

    public ContactInfoRequestQueue GetOrCreate(long idInstance) => _queues.GetOrAdd(idInstance, static (id, limiter) => new(id, limiter), limiter);

    public void Dispose() => limiter.Dispose();

    private static int RequestsPerSecond(GreenApiOptions options, long idInstance) =>
        options.Instances?.FirstOrDefault(instance => instance.IdInstance == idInstance)?.CallerNamesPerSecond ?? options.CallerNamesPerSecond;
}
