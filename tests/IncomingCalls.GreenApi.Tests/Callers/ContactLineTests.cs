using System.Threading.RateLimiting;

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
