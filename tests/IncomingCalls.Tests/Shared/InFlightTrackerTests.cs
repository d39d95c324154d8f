using IncomingCalls.Shared;

namespace IncomingCalls.Tests.Shared;

public class InFlightTrackerTests
{
    private readonly InFlightTracker _tracker = new();

    [Fact]
    public void WaitUntilIdleAsync_NothingBegan_IsCompleted() => _tracker.WaitUntilIdleAsync().IsCompletedSuccessfully.Should().BeTrue();

    [Fact]
    public async Task WaitUntilIdleAsync_TwoInProgress_CompletesWithTheLastOne()
    {
        _tracker.Begin();
        _tracker.Begin();
        var idle = _tracker.WaitUntilIdleAsync();

        _tracker.End();
        idle.IsCompleted.Should().BeFalse();
        _tracker.Count.Should().Be(1);

        _tracker.End();
        await idle.WaitAsync(TimeSpan.FromSeconds(10));
        _tracker.Count.Should().Be(0);
    }

    [Fact]
    public async Task WaitUntilIdleAsync_SeveralWaiters_AllComplete()
    {
        _tracker.Begin();
        var first = _tracker.WaitUntilIdleAsync();
        var second = _tracker.WaitUntilIdleAsync();

        _tracker.End();

        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task WaitUntilIdleAsync_AfterAnIdlePhase_WaitsForTheNextOperations()
    {
        _tracker.Begin();
        var first = _tracker.WaitUntilIdleAsync();
        _tracker.End();
        await first.WaitAsync(TimeSpan.FromSeconds(10));

        _tracker.Begin();
        var second = _tracker.WaitUntilIdleAsync();

        second.IsCompleted.Should().BeFalse();
        _tracker.End();
        await second.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task BeginAndEnd_FromManyThreads_CountExactly()
    {
        await Parallel.ForAsync(0, 10_000, (_, _) =>
        {
            _tracker.Begin();
            _tracker.End();
            return ValueTask.CompletedTask;
        });

        _tracker.Count.Should().Be(0);
        _tracker.WaitUntilIdleAsync().IsCompletedSuccessfully.Should().BeTrue();
    }
}
