using IncomingCalls.Callers;
using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Tests.Inbox.Dispatch;

/// <summary>The wait for the caller's name: what waits is not due, and the end of the lookup makes it due earlier, in memory.</summary>
public class CallerNameTests
{
    [Fact]
    public async Task UnknownCallers_TakeNoSlotAndNoPlace()
    {
        var names = new ControlledNames();
        await using var engine = await StartAsync(names, builder => builder.AddHandler<RecordingHandler>());

        await engine.AcceptMissedCallsAsync(300);
        await engine.WaitUntilIdleAsync();

        engine.Recorder.Lines.Should().HaveCount(300).And.OnlyContain(line => line == "Missed");
        engine.Runner.InFlight.Should().Be(0, "300 records wait for a name");
        engine.Clock.GetUtcNow().Should().Be(TestHost.Now);
    }

    [Fact]
    public async Task NameFound_StartsTheWaitingRecordsOfThatCallerAndNoOthers()
    {
        var names = new ControlledNames();
        await using var engine = await StartAsync(names);
        await engine.AcceptAsync(TestNotifications.CreateCall("declined", "A", from: EngineHost.GetCaller(1)));
        await engine.AcceptAsync(TestNotifications.CreateCall("declined", "B", from: EngineHost.GetCaller(2)));
        await engine.AcceptAsync(TestNotifications.CreateCall("declined", "C", from: EngineHost.GetCaller(1)));
        await names.WaitForQueriesAsync(2);
        var loads = engine.Store.Loads.Count;

        names.Answer(EngineHost.GetCaller(1), "Ivan");
        await engine.Recorder.WaitForLinesAsync(2);
        await engine.WaitUntilIdleAsync();

        engine.Recorder.Lines.Should().HaveCount(2).And.OnlyContain(line => line.EndsWith("Ivan"));
        engine.Store.Writes.Should().Be(5, "three notifications and the results of two records were written, and nothing for the name");
        engine.Store.Loads.Skip(loads).Should().ContainSingle().Which.Keys.Select(key => key.IdMessage).Should().BeEquivalentTo("A", "C");
        engine.Clock.GetUtcNow().Should().Be(TestHost.Now);
    }

    [Fact]
    public async Task NameNotFound_StartsTheRecordWithoutIt()
    {
        var names = new ControlledNames();
        await using var engine = await StartAsync(names);
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));
        await names.WaitForQueriesAsync(1);

        names.Answer("70000000101@c.us", null);
        await engine.Recorder.WaitForLinesAsync(1);

        engine.Recorder.Lines.Should().Equal("record Missed call 70000000101@c.us +70000000101");
        engine.Clock.GetUtcNow().Should().Be(TestHost.Now);
    }

    [Fact]
    public async Task LookupFails_StartsTheRecordWithoutTheNameAndTheNextCallDoesNotWait()
    {
        await using var engine = await EngineHost.StartAsync(builder => builder.AddCallerNames<FailingNames>().AddChatRecorder<RecordingChatRecorder>());
        await engine.AcceptAsync(TestNotifications.CreateCall("declined", "A"));
        await engine.Recorder.WaitForLinesAsync(1);

        await engine.AcceptAsync(TestNotifications.CreateCall("declined", "B"));
        await engine.WaitUntilIdleAsync();

        engine.Recorder.Lines.Should().HaveCount(2);
        engine.Clock.GetUtcNow().Should().Be(TestHost.Now);
    }

    [Fact]
    public async Task NameKnown_NothingWaits()
    {
        var names = new ControlledNames();
        names.Answer("70000000101@c.us", "Ivan");
        await using var engine = await StartAsync(names);
        await engine.AcceptAsync(TestNotifications.CreateCall("declined", "A"));
        await engine.Recorder.WaitForLinesAsync(1);

        await engine.AcceptAsync(TestNotifications.CreateCall("declined", "B"));
        await engine.WaitUntilIdleAsync();

        engine.Recorder.Lines.Should().HaveCount(2).And.OnlyContain(line => line.EndsWith("Ivan"));
    }

    [Fact]
    public async Task LookupThatNeverEnds_RecordIsWrittenWithoutTheNameAtItsDeadline()
    {
        await using var engine = await StartAsync(new());
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));

        await engine.AdvanceAsync(9.9);
        engine.Recorder.Lines.Should().BeEmpty();
        await engine.AdvanceAsync(0.1);

        engine.Recorder.Lines.Should().Equal("record Missed call 70000000101@c.us +70000000101");
    }

    [Fact]
    public async Task HostStops_RecordsThatWaitForAName_AreLeftToTheNextStart()
    {
        var names = new ControlledNames();
        await using var engine = await StartAsync(names);
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));
        await names.WaitForQueriesAsync(1);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Host.Services.GetRequiredService<CallerNameService>().LookupEnded += _ => ended.TrySetResult();

        engine.Host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await engine.WaitUntilIdleAsync();

        engine.Recorder.Lines.Should().BeEmpty("the lookup has ended because the host stops, and not because there is no name");
    }

    [Fact]
    public async Task NameFound_AfterTheCallIsFinished_ChangesNothing()
    {
        var names = new ControlledNames();
        await using var engine = await StartAsync(names);
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));
        await names.WaitForQueriesAsync(1);
        await engine.AdvanceAsync(10);
        var (lines, writes) = (engine.Recorder.Lines, engine.Store.Writes);
        var found = NameFoundAsync(engine);

        names.Answer("70000000101@c.us", "Ivan");
        await found;
        await engine.AdvanceAsync(60);

        engine.Recorder.Lines.Should().Equal(lines).And.ContainSingle();
        engine.Store.Writes.Should().Be(writes);
    }

    [Fact]
    public async Task NameFound_WhileTheRecordIsWritten_StartsNoSecondAttempt()
    {
        var names = new ControlledNames();
        var recording = new ControlledHandler();
        await using var engine = await StartPlainAsync(names, recording);
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));
        await names.WaitForQueriesAsync(1);
        engine.Clock.Advance(TimeSpan.FromSeconds(10));
        await recording.WaitForAttemptsAsync(1);
        var found = NameFoundAsync(engine);

        names.Answer("70000000101@c.us", "Ivan");
        await found;
        engine.Clock.Advance(TimeSpan.FromSeconds(1));
        recording.Release.SetResult();
        await engine.WaitUntilIdleAsync();

        recording.Attempts.Should().Be(1);
    }

    [Fact]
    public async Task LaterEventsOfACall_HaveTheDeadlineOfTheFirstReceipt()
    {
        await using var engine = await StartAsync(new());
        await engine.AcceptAsync(TestNotifications.CreateCall("offer"));
        await engine.AdvanceAsync(6);
        await engine.AcceptAsync(TestNotifications.CreateCall("hungUp", secondsAgo: -6));
        await engine.AdvanceAsync(3.9);
        engine.Recorder.Lines.Should().BeEmpty();

        await engine.AdvanceAsync(0.1);
        await engine.AcceptAsync(TestNotifications.CreateCall("pickUp", secondsAgo: -10));
        await engine.WaitUntilIdleAsync();

        engine.Recorder.Lines.Select(line => line.Split(" 7000")[0]).Should().Equal("record Incoming call", "record Dropped call", "record Answered call");
    }

    [Fact]
    public async Task Retry_NeverWaitsForTheNameAgain()
    {
        await using var engine = await StartPlainAsync(new(), handler: null);
        engine.Recorder.OnEvent = (callEvent, _) => callEvent.Attempt <= 2 ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));

        await engine.AdvanceAsync(10);
        engine.Recorder.Attempts.Values.Should().Equal(1);
        await engine.AdvanceAsync(2.4);
        engine.Recorder.Attempts.Values.Should().Equal(2);
        await engine.AdvanceAsync(12);

        engine.Recorder.Lines.Should().Equal("Missed");
    }

    [Fact]
    public async Task WaitForCallerName_AHandlerWithItAndARecorderWithoutIt_DoWhatTheirOptionsSay()
    {
        var names = new ControlledNames();
        await using var engine = await EngineHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(names);
            builder.AddCallerNames<ControlledNames>()
                .AddChatRecorder<RecordingChatRecorder>(options => options.WaitForCallerName = false)
                .AddHandler<RecordingHandler>(options => options.WaitForCallerName = true);
        });
        await engine.AcceptAsync(TestNotifications.CreateCall("declined"));
        await names.WaitForQueriesAsync(1);
        await engine.WaitUntilIdleAsync();
        engine.Recorder.Lines.Should().Equal("record Missed call 70000000101@c.us +70000000101");

        names.Answer("70000000101@c.us", "Ivan");
        await engine.Recorder.WaitForLinesAsync(2);

        engine.Recorder.Events.Should().ContainSingle().Which.Caller.Name.Should().Be("Ivan");
    }

    [Fact]
    public async Task NameFound_MoreCallsThanTheHandlerMayHaveActive_AllFollowWithoutTheirDeadline()
    {
        var names = new ControlledNames();
        var recording = new ControlledHandler();
        await using var engine = await StartPlainAsync(names, recording);
        for (var call = 0; call < 200; call++)
        {
            await engine.AcceptAsync(TestNotifications.CreateCall("declined", $"{call}"));
        }

        await names.WaitForQueriesAsync(1);
        names.Answer("70000000101@c.us", "Ivan");
        await recording.WaitForAttemptsAsync(16);
        engine.Runner.InFlight.Should().Be(32);
        recording.Release.SetResult();
        await recording.WaitForAttemptsAsync(184);
        await engine.WaitUntilIdleAsync();

        recording.Attempts.Should().Be(200);
        engine.Clock.GetUtcNow().Should().Be(TestHost.Now);
    }

    [Fact]
    public async Task NameFound_OfALaterEvent_StaysBehindTheEarlierOne()
    {
        var names = new ControlledNames();
        await using var engine = await StartPlainAsync(names, handler: null);
        engine.Recorder.OnEvent = (callEvent, _) => callEvent is { Kind: CallEventKind.Offered, Attempt: 1 } ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        await engine.AcceptAsync(TestNotifications.CreateCall("offer"));
        await engine.AcceptAsync(TestNotifications.CreateCall("pickUp"));
        await names.WaitForQueriesAsync(1);

        names.Answer("70000000101@c.us", "Ivan");
        await engine.Recorder.WaitForAttemptsAsync(1);
        await engine.WaitUntilIdleAsync();
        engine.Recorder.Lines.Should().BeEmpty("the first attempt with the offer has failed");
        await engine.AdvanceAsync(2.4);

        engine.Recorder.Lines.Should().Equal("Offered", "Answered");
    }

    private static Task<EngineHost> StartAsync(ControlledNames names, Action<IIncomingCallsBuilder>? configure = null) => EngineHost.StartAsync(builder =>
    {
        builder.Services.AddSingleton(names);
        builder.AddCallerNames<ControlledNames>().AddChatRecorder<RecordingChatRecorder>();
        configure?.Invoke(builder);
    });

    /// <summary>Starts an engine with a plain handler that wants the name: the given one, or a <see cref="RecordingHandler"/>.</summary>
    private static Task<EngineHost> StartPlainAsync(ControlledNames names, ControlledHandler? handler) => EngineHost.StartAsync(builder =>
    {
        builder.Services.AddSingleton(names);
        builder.AddCallerNames<ControlledNames>();
        if (handler is null)
        {
            builder.AddHandler<RecordingHandler>(options => options.WaitForCallerName = true);
        }
        else
        {
            builder.Services.AddSingleton(handler);
            builder.AddHandler<ControlledHandler>(options => options.WaitForCallerName = true);
        }
    });

    /// <summary>Waits for the end of the next lookup of a name that was found.</summary>
    private static Task NameFoundAsync(EngineHost engine)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Host.Services.GetRequiredService<InboxCallerNames>().NameFound += _ => found.TrySetResult();
        return found.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private sealed class FailingNames : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => throw new InvalidOperationException("down");
    }
}
