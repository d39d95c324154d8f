using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Tests.Inboxes;

/// <summary>The lanes of a call: one handler, one event at a time.</summary>
public class InlineCallTests
{
    private static readonly CallHandlerRegistration Handler = CallHandlerRegistration.ForHandler<JournalHandler>(new() { Name = "a" });
    private static readonly CallHandlerRegistration Other = CallHandlerRegistration.ForHandler<JournalHandler>(new() { Name = "b" });

    private readonly InlineCall _call = new(new(1101000001, "A"));

    [Fact]
    public async Task EnterAsync_OtherHandlersLane_IsAnother()
    {
        var lane = await _call.EnterAsync(Handler);

        var other = _call.EnterAsync(Other).AsTask();

        other.IsCompletedSuccessfully.Should().BeTrue();
        (await other).Should().NotBeSameAs(lane);
    }

    [Fact]
    public async Task EnterAsync_Taken_WaitsForItsTurn()
    {
        var lane = await _call.EnterAsync(Handler);
        var second = _call.EnterAsync(Handler).AsTask();
        var third = _call.EnterAsync(Handler).AsTask();
        second.IsCompleted.Should().BeFalse();

        _call.Leave(lane);
        var next = await second;

        third.IsCompleted.Should().BeFalse();
        _call.Leave(next);
        _call.Leave(await third);
    }

    [Fact]
    public async Task EnterAsync_BudgetRunsOut_LeavesTheTurnToTheOthers()
    {
        var time = new FakeTimeProvider();
        using var budget = new DeliveryBudget(TimeSpan.FromSeconds(10), time, CancellationToken.None);
        var lane = await _call.EnterAsync(Handler);
        var impatient = _call.EnterAsync(Handler, budget).AsTask();
        var patient = _call.EnterAsync(Handler).AsTask();

        time.Advance(TimeSpan.FromSeconds(10));

        await impatient.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        patient.IsCompleted.Should().BeFalse();
        _call.Leave(lane);
        _call.Leave(await patient);
        _call.EnterAsync(Handler).AsTask().IsCompletedSuccessfully.Should().BeTrue("nobody is in the lane any more");
    }

    [Fact]
    public async Task EnterAsync_EveryoneHasLeft_IsFreeAgain()
    {
        _call.Leave(await _call.EnterAsync(Handler));

        _call.EnterAsync(Handler).AsTask().IsCompletedSuccessfully.Should().BeTrue();
    }
}
