using IncomingCalls.Handling;
using IncomingCalls.Inbox.InMemory;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>The lanes of a call: each handler processes one event at a time.</summary>
public class InMemoryCallTests
{
    private static readonly CallHandlerRegistration Handler = CallHandlerRegistration.Create<RecordingHandler>(new() { Name = "a" });
    private static readonly CallHandlerRegistration Other = CallHandlerRegistration.Create<RecordingHandler>(new() { Name = "b" });

    private readonly InMemoryCall _call = new(new(1101000001, "A"));

    [Fact]
    public async Task AcquireLaneAsync_OtherHandler_UsesAnotherLane()
    {
        var lane = await _call.AcquireLaneAsync(Handler);

        var other = _call.AcquireLaneAsync(Other).AsTask();

        other.IsCompletedSuccessfully.Should().BeTrue();
        (await other).Should().NotBeSameAs(lane);
    }

    [Fact]
    public async Task AcquireLaneAsync_LaneInUse_WaitsUntilReleased()
    {
        var lane = await _call.AcquireLaneAsync(Handler);
        var second = _call.AcquireLaneAsync(Handler).AsTask();
        var third = _call.AcquireLaneAsync(Handler).AsTask();
        second.IsCompleted.Should().BeFalse();

        _call.ReleaseLane(lane);
        var next = await second;

        third.IsCompleted.Should().BeFalse();
        _call.ReleaseLane(next);
        _call.ReleaseLane(await third);
    }

    [Fact]
    public async Task AcquireLaneAsync_DeadlineExpires_LeavesTheLaneToOtherWaiters()
    {
        var time = new FakeTimeProvider();
        using var budget = new AcknowledgementDeadline(TimeSpan.FromSeconds(10), time, CancellationToken.None);
        var lane = await _call.AcquireLaneAsync(Handler);
        var impatient = _call.AcquireLaneAsync(Handler, budget).AsTask();
        var patient = _call.AcquireLaneAsync(Handler).AsTask();

        time.Advance(TimeSpan.FromSeconds(10));

        await impatient.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        patient.IsCompleted.Should().BeFalse();
        _call.ReleaseLane(lane);
        _call.ReleaseLane(await patient);
        _call.AcquireLaneAsync(Handler).AsTask().IsCompletedSuccessfully.Should().BeTrue("the lane was released");
    }

    [Fact]
    public async Task AcquireLaneAsync_AllReleased_IsAvailableAgain()
    {
        _call.ReleaseLane(await _call.AcquireLaneAsync(Handler));

        _call.AcquireLaneAsync(Handler).AsTask().IsCompletedSuccessfully.Should().BeTrue();
    }
}
