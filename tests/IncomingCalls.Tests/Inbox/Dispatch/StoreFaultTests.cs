using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.Dispatch;

/// <summary>The engine with a store that fails: nothing is lost, and no handler runs twice that has succeeded.</summary>
public class StoreFaultTests
{
    [Fact]
    public async Task Settle_RolledBack_IsRepeatedAndTheHandlerRunsOnce()
    {
        await using var engine = await StartAsync();
        engine.Recorder.OnEvent = (_, _) =>
        {
            engine.Store.FailsChanges = true;
            return ValueTask.CompletedTask;
        };
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));
        await engine.Store.WaitForRollbackAsync();

        // The delivery is due in the store, and every query finds it.
        engine.Clock.Advance(TimeSpan.FromSeconds(1));
        await engine.Store.WaitForRollbackAsync();
        engine.Store.FailsChanges = false;
        engine.Clock.Advance(TimeSpan.FromSeconds(1));
        await engine.WaitUntilIdleAsync();

        engine.Recorder.Attempts.Values.Should().Equal(1);
        engine.Store.Writes.Should().Be(2, "the notification and the result");
    }

    [Fact]
    public async Task Settle_OfAFailureRolledBack_CountsOnce()
    {
        await using var engine = await StartAsync();
        engine.Recorder.OnEvent = (callEvent, _) =>
        {
            engine.Store.FailsChanges = callEvent.Attempt == 1;
            return callEvent.Attempt == 1 ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        };
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));
        await engine.Store.WaitForRollbackAsync();
        engine.Store.FailsChanges = false;
        engine.Clock.Advance(TimeSpan.FromSeconds(1));
        await engine.WaitUntilIdleAsync();
        engine.Recorder.Attempts.Values.Should().Equal(1);

        await engine.AdvanceAsync(2.4);

        engine.Recorder.Events.Should().ContainSingle().Which.Attempt.Should().Be(2);
    }

    [Fact]
    public async Task Settle_RolledBack_TheNextEventOfTheCallFollowsOnlyAfterIt()
    {
        await using var engine = await StartAsync();
        engine.Recorder.OnEvent = (callEvent, _) =>
        {
            engine.Store.FailsChanges = callEvent.Kind == CallEventKind.Offered;
            return ValueTask.CompletedTask;
        };
        await engine.AcceptAsync(TestNotifications.CreateCall("offer"));
        await engine.Store.WaitForRollbackAsync();
        engine.Store.FailsChanges = false;

        await engine.AcceptAsync(TestNotifications.CreateCall("pickUp"));
        engine.Clock.Advance(TimeSpan.FromSeconds(0.9));
        engine.Recorder.Lines.Should().Equal("Offered");
        engine.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await engine.WaitUntilIdleAsync();

        engine.Recorder.Lines.Should().Equal("Offered", "Answered");
    }

    [Fact]
    public async Task Settle_RolledBackWhenTheHostStops_IsPostedBeforeTheStoreCloses()
    {
        await using var engine = await StartAsync();
        engine.Recorder.OnEvent = (_, _) =>
        {
            engine.Store.FailsChanges = true;
            return ValueTask.CompletedTask;
        };
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));
        await engine.Store.WaitForRollbackAsync();
        engine.Store.FailsChanges = false;

        await engine.Loop.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

        engine.Store.Writes.Should().Be(2, "the result was posted again without a delay");
    }

    [Fact]
    public async Task Accept_RolledBack_IsRefusedAndAcceptedLater()
    {
        await using var engine = await StartAsync();
        engine.Store.FailsChanges = true;

        var accepting = () => engine.AcceptAsync(TestNotifications.CreateCall("declined"));

        (await accepting.Should().ThrowAsync<CallInboxUnavailableException>()).Which.Message.Should().Contain("The disk is full.");
        engine.Store.FailsChanges = false;
        (await accepting()).Should().Be(IntakeOutcome.Stored);
        await engine.WaitUntilIdleAsync();
        engine.Recorder.Attempts.Values.Should().Equal(1);
    }

    [Fact]
    public async Task Outcome_RolledBack_IsResolvedOnce()
    {
        await using var engine = await StartAsync();
        await engine.AcceptAsync(TestNotifications.CreateCall("offer"));
        await engine.WaitUntilIdleAsync();

        engine.Store.FailsChanges = true;
        engine.Clock.Advance(TimeSpan.FromMinutes(15));
        await engine.Store.WaitForRollbackAsync();
        engine.Store.FailsChanges = false;
        engine.Clock.Advance(TimeSpan.FromSeconds(1));
        await engine.WaitUntilIdleAsync();

        engine.Recorder.Lines.Should().Equal("Offered", "OutcomeUnknown");
    }

    [Fact]
    public async Task Read_Fails_IsRepeatedInTheNextInterval()
    {
        await using var engine = await StartAsync();
        engine.Recorder.OnEvent = (callEvent, _) => callEvent.Attempt == 1 ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));
        await engine.WaitUntilIdleAsync();

        engine.Store.FailsReads = true;
        engine.Clock.Advance(TimeSpan.FromSeconds(3));
        engine.Recorder.Attempts.Values.Should().Equal(1);
        engine.Store.FailsReads = false;
        await engine.AdvanceAsync(0.1);

        engine.Recorder.Lines.Should().Equal("Missed");
        engine.Recorder.Attempts.Values.Should().Equal(2);
    }

    [Fact]
    public async Task WaitUntilNothingIsDue_NoQueryHasFoundTheDueLane_StartsIt()
    {
        await using var engine = await StartAsync();
        engine.Recorder.OnEvent = (callEvent, _) => callEvent.Attempt == 1 ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));
        await engine.WaitUntilIdleAsync();
        engine.Store.FailsReads = true;
        engine.Clock.Advance(TimeSpan.FromSeconds(3));
        engine.Store.FailsReads = false;

        await engine.WaitUntilIdleAsync();

        engine.Recorder.Attempts.Values.Should().Equal(2);
    }

    [Fact]
    public async Task WaitUntilNothingIsDue_DueLaneOfAStoppedInbox_Throws()
    {
        await using var engine = await StartAsync();
        engine.Recorder.OnEvent = (_, _) => throw new InvalidOperationException();
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));
        await engine.WaitUntilIdleAsync();
        await engine.Loop.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        engine.Clock.Advance(TimeSpan.FromSeconds(3));

        await engine.Invoking(one => one.WaitUntilIdleAsync()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*stopping*");
    }

    [Fact]
    public async Task Load_OfADueLaneInProgress_StartsNoSecondAttempt()
    {
        var hanging = new ControlledHandler();
        await using var engine = await EngineHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(hanging);
            builder.AddHandler<ControlledHandler>();
        });
        await engine.AcceptAsync(TestNotifications.CreateCall("offer"));
        await hanging.WaitForAttemptsAsync(1);
        var loads = engine.Store.Loads.Count;

        engine.Clock.Advance(TimeSpan.FromSeconds(1));
        await engine.AcceptAsync(TestNotifications.CreateCall("pickUp"));
        engine.Clock.Advance(TimeSpan.FromSeconds(1));

        engine.Store.Loads.Count.Should().BeGreaterThan(loads + 10, "the lane is due in the store, and is loaded in every interval");
        engine.Runner.InFlight.Should().Be(1);
        hanging.Release.SetResult();
        await engine.WaitUntilIdleAsync();
        hanging.Attempts.Should().Be(2, "one for each event");
    }

    [Fact]
    public async Task Accept_AfterStop_IsRefused()
    {
        await using var engine = await StartAsync();

        await engine.Loop.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

        await FluentActions.Awaiting(() => engine.AcceptAsync(TestNotifications.CreateCall("declined"))).Should().ThrowAsync<CallInboxUnavailableException>();
    }

    private static Task<EngineHost> StartAsync() => EngineHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
}
