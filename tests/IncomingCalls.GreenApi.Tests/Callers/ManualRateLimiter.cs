using System.Threading.RateLimiting;

namespace IncomingCalls.GreenApi.Tests.Callers;

/// <summary>A rate limiter that grants permits when the test releases them.</summary>
internal sealed class ManualRateLimiter : PartitionedRateLimiter<long>
{
    private readonly SemaphoreSlim _permits = new(0);

    public void Release(int count = 1) => _permits.Release(count);

    public override RateLimiterStatistics? GetStatistics(long resource) => null;

    protected override RateLimitLease AttemptAcquireCore(long resource, int permitCount) => throw new NotSupportedException();

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(long resource, int permitCount, CancellationToken cancellationToken)
    {
        await _permits.WaitAsync(cancellationToken);
        return new Lease();
    }

    protected override void Dispose(bool disposing)
    {
        _permits.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Lease : RateLimitLease
    {
        public override bool IsAcquired => true;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
