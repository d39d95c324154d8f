using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.GreenApi.Tests.Callers;

public class ContactLineTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Enter_LineIsFull_IsTurnedAwayAtOnce(bool isRinging)
    {
        var line = new ContactLine(1, new ManualLimiter());
        for (var i = 0; i < ContactLine.Capacity; i++)
        {
            line.Enter(Query(isRinging)).Should().NotBeNull();
        }

        line.Enter(Query(isRinging)).Should().BeNull();
        line.Enter(Query(!isRinging)).Should().NotBeNull("the other line has room");
    }

    /// <summary>Ten turns of an instance that may have ten a second come long before eight of one that has one.</summary>
    [Fact]
    public async Task Enter_InstanceWithARateOfItsOwn_HasIt()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddIncomingCalls().AddGreenApi(options => options.Instances =
        [
            new() { IdInstance = 1, Receive = ReceiveMode.Webhook },
            new() { IdInstance = 2, Receive = ReceiveMode.Webhook, CallerNamesPerSecond = 10 },
        ]);
        await using var provider = services.BuildServiceProvider();
        var lines = provider.GetRequiredService<ContactLines>();

        var slow = Enumerable.Range(0, 8).Select(_ => lines.Of(1).Enter(Query(isRinging: true))!).ToArray();
        var quick = Enumerable.Range(0, 10).Select(_ => lines.Of(2).Enter(Query(isRinging: true))!).ToArray();
        await Task.WhenAll(quick).WaitAsync(TimeSpan.FromSeconds(60));

        slow[^1].IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task Enter_LimiterFailsOnce_OneLookUpFailsAndTheLineMovesOn()
    {
        var limiter = new FailsOnce();
        var line = new ContactLine(1, limiter);

        var first = line.Enter(Query(isRinging: true))!;
        await FluentActions.Awaiting(() => first.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<InvalidOperationException>();
        var second = line.Enter(Query(isRinging: true))!;

        await second.WaitAsync(TimeSpan.FromSeconds(10));
        second.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task Enter_HostIsGone_IsCancelled()
    {
        var limiter = new ManualLimiter();
        limiter.Dispose();

        var turn = new ContactLine(1, limiter).Enter(Query(isRinging: false))!;

        await FluentActions.Awaiting(() => turn.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<TaskCanceledException>();
    }

    private static CallerNameQuery Query(bool isRinging) =>
        new() { IdInstance = 1, ChatId = ChatId.Parse("70000000101@c.us"), IsRinging = isRinging };

    private sealed class FailsOnce : PartitionedRateLimiter<long>
    {
        private readonly ManualLimiter _next = new();
        private int _asked;

        public override RateLimiterStatistics? GetStatistics(long resource) => null;

        protected override RateLimitLease AttemptAcquireCore(long resource, int permitCount) => throw new NotSupportedException();

        protected override async ValueTask<RateLimitLease> AcquireAsyncCore(long resource, int permitCount, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _asked) == 1)
            {
                throw new InvalidOperationException("No limit is known.");
            }

            _next.Permit();
            return await _next.AcquireAsync(resource, permitCount, cancellationToken);
        }
    }
}
