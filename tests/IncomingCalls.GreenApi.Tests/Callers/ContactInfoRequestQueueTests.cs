using System.Threading.RateLimiting;
using IncomingCalls.GreenApi.Callers;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.GreenApi.Tests.Callers;

public class ContactInfoRequestQueueTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryEnqueue_QueueFull_ReturnsNull(bool isRinging)
    {
        var queue = new ContactInfoRequestQueue(1, new ManualRateLimiter());
        for (var i = 0; i < ContactInfoRequestQueue.Capacity; i++)
        {
            queue.TryEnqueue(Query(isRinging)).Should().NotBeNull();
        }

        queue.TryEnqueue(Query(isRinging)).Should().BeNull();
        queue.TryEnqueue(Query(!isRinging)).Should().NotBeNull("the other queue has free capacity");
    }

    /// <summary>Ten requests of an instance with a rate of ten per second complete long before eight of an instance with one per second.</summary>
    [Fact]
    public async Task TryEnqueue_InstanceWithOwnRate_UsesThatRate()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddIncomingCalls().AddGreenApi(options => options.Instances =
        [
            new() { IdInstance = 1, Receive = ReceiveMode.Webhook },
            new() { IdInstance = 2, Receive = ReceiveMode.Webhook, CallerNamesPerSecond = 10 },
        ]);
        await using var provider = services.BuildServiceProvider();
        var queues = provider.GetRequiredService<ContactInfoRequestQueues>();

        var slow = Enumerable.Range(0, 8).Select(_ => queues.GetOrCreate(1).TryEnqueue(Query(isRinging: true))!).ToArray();
        var quick = Enumerable.Range(0, 10).Select(_ => queues.GetOrCreate(2).TryEnqueue(Query(isRinging: true))!).ToArray();
        await Task.WhenAll(quick).WaitAsync(TimeSpan.FromSeconds(60));

        slow[^1].IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task TryEnqueue_LimiterFailsOnce_OneLookupFailsAndQueueContinues()
    {
        var limiter = new FailOnceRateLimiter();
        var queue = new ContactInfoRequestQueue(1, limiter);

        var first = queue.TryEnqueue(Query(isRinging: true))!;
        await FluentActions.Awaiting(() => first.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<InvalidOperationException>();
        var second = queue.TryEnqueue(Query(isRinging: true))!;

        await second.WaitAsync(TimeSpan.FromSeconds(10));
        second.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task TryEnqueue_LimiterDisposed_IsCanceled()
    {
        var limiter = new ManualRateLimiter();
        limiter.Dispose();

        var turn = new ContactInfoRequestQueue(1, limiter).TryEnqueue(Query(isRinging: false))!;

        await FluentActions.Awaiting(() => turn.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<TaskCanceledException>();
    }

    private static CallerNameQuery Query(bool isRinging) =>
        new() { IdInstance = 1, ChatId = ChatId.Parse("70000000101@c.us"), IsRinging = isRinging };

    private sealed class FailOnceRateLimiter : PartitionedRateLimiter<long>
    {
        private readonly ManualRateLimiter _inner = new();
        private int _acquireCount;

        public override RateLimiterStatistics? GetStatistics(long resource) => null;

        protected override RateLimitLease AttemptAcquireCore(long resource, int permitCount) => throw new NotSupportedException();

        protected override async ValueTask<RateLimitLease> AcquireAsyncCore(long resource, int permitCount, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _acquireCount) == 1)
            {
                throw new InvalidOperationException("No limit is known.");
            }

            _inner.Release();
            return await _inner.AcquireAsync(resource, permitCount, cancellationToken);
        }
    }
}
