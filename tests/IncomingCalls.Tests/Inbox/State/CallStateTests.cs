using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.State;

public class CallStateTests
{
    [Fact]
    public async Task Json_StateWithEverything_RoundTrips()
    {
        await using var host = await StartAsync();
        var services = host.Services.GetRequiredService<InboxServices>();
        var offer = services.ApplyNotification(null, Received("offer")).State;
        var failed = services.Settle(offer, Report(offer, AttemptOutcome.Failed));
        var call = services.ApplyNotification(failed.State, Received("transferred")).State;
        var options = IncomingCallsJson.DefaultOptions;

        var json = JsonSerializer.Serialize(call, options);
        var read = JsonSerializer.Deserialize<CallState>(json, options)!;

        JsonSerializer.Serialize(read, options).Should().Be(json);
        read.Should().BeEquivalentTo(call, compare => compare.RespectingRuntimeTypes());
        read.PendingEvents[0].Event.Decision.Should().Be(CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true));
        read.PendingEvents[0].Deliveries[0].Attempts.Should().Be(1);
        read.OutcomeDueAt.Should().Be(TestHost.Now.AddMinutes(15));
    }

    /// <summary>Inbox files contain this JSON, and later versions read it: a member that is renamed in C# keeps its name here.</summary>
    [Fact]
    public void Json_PendingCall_HasTheStoredMemberNames()
    {
        const string stored =
            """{"history":{"key":{"idInstance":1101000001,"idMessage":"A"},"facts":[{"key":"offer","kind":"Offered","from":"70000000101@c.us","occurredAt":"2026-01-15T09:30:00+00:00"}],"hasAlert":true}""" +
            ""","owed":[{"event":{"id":"1101000001/A/Offered","call":{"idInstance":1101000001,"idMessage":"A"},"kind":"Offered","decision":{"kind":"Handle","label":"IncomingCall","alertOperator":true},"concernsAlert":true,"occurredAt":"2026-01-15T09:30:00+00:00","receivedAt":"2026-01-15T09:30:01+00:00"}""" +
            ""","handlers":[{"name":"crm","isNotifier":true,"attempts":1,"dueAt":"2026-01-15T09:30:03+00:00","lastError":"TimeoutException: Too slow."}],"traceParent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","traceState":"a=1"}]""" +
            ""","outcomeDueAt":"2026-01-15T09:45:01+00:00","touchedAt":"2026-01-15T09:30:01+00:00"}""";

        var call = JsonSerializer.Deserialize<CallState>(stored, IncomingCallsJson.DefaultOptions)!;

        call.PendingEvents.Should().ContainSingle().Which.Deliveries.Should().ContainSingle().Which.HandlerName.Should().Be("crm");
        JsonSerializer.Serialize(call, IncomingCallsJson.DefaultOptions).Should().Be(stored);
    }

    [Fact]
    public async Task DueAttempts_EarlierEventPending_LaterEventOfTheSameHandlerIsNotDue()
    {
        await using var host = await StartAsync();
        var services = host.Services.GetRequiredService<InboxServices>();
        var offer = services.ApplyNotification(null, Received("offer")).State;
        var waiting = services.Settle(offer, Report(offer, AttemptOutcome.Failed)).State;

        var both = services.ApplyNotification(waiting, Received("pickUp")).State;

        both.DueAttempts(TestHost.Now).Should().BeEmpty();
        both.DueAt.Should().BeAfter(TestHost.Now, "the outcome is known, and the first event waits for its second attempt");
        both.DueAttempts(TestHost.Now.AddMinutes(1)).Should().ContainSingle().Which.PendingEvent.Event.Kind.Should().Be(CallEventKind.Offered);
        both.PendingCount.Should().Be(2);
        both.OldestPendingAt.Should().Be(TestHost.Now);
    }

    [Fact]
    public async Task Settle_EachOutcome_UpdatesPendingDeliveriesAndDeadLetters()
    {
        await using var host = await StartAsync();
        var services = host.Services.GetRequiredService<InboxServices>();
        var call = services.ApplyNotification(null, Received("declined")).State;

        var succeeded = services.Settle(call, Report(call, AttemptOutcome.Succeeded));
        var failed = services.Settle(call, Report(call, AttemptOutcome.Failed));
        var rejected = services.Settle(call, Report(call, AttemptOutcome.Rejected));

        succeeded.State.DueAt.Should().BeNull();
        succeeded.DeadLetter.Should().BeNull();
        failed.State.DueAt.Should().BeCloseTo(TestHost.Now.AddSeconds(2), TimeSpan.FromSeconds(0.4));
        rejected.State.DueAt.Should().BeNull();
        rejected.DeadLetter.Should().BeEquivalentTo(new { Handler = "handler", Attempts = 1, Error = "Why." });
    }

    [Fact]
    public async Task Replay_DeadLetterOfAnEarlierEvent_RestoresItsPositionOnce()
    {
        await using var host = await StartAsync();
        var services = host.Services.GetRequiredService<InboxServices>();
        var offer = services.ApplyNotification(null, Received("offer")).State;
        var rejected = services.Settle(offer, Report(offer, AttemptOutcome.Rejected));
        host.Clock.Advance(TimeSpan.FromSeconds(9));
        var answered = services.ApplyNotification(rejected.State, Received("pickUp", host.Clock.GetUtcNow())).State;

        var replayed = services.Replay(answered, rejected.DeadLetter!);
        var twice = services.Replay(replayed.State, rejected.DeadLetter!);

        replayed.State.PendingEvents.Select(pending => pending.Event.Kind).Should().Equal(CallEventKind.Offered, CallEventKind.Answered);
        twice.IsChange.Should().BeFalse();
        twice.State.Should().BeSameAs(replayed.State);
    }

    [Fact]
    public async Task Replay_CallNoLongerStored_IsRestoredFromTheEvent()
    {
        await using var host = await StartAsync();
        var services = host.Services.GetRequiredService<InboxServices>();
        var call = services.ApplyNotification(null, Received("declined")).State;
        var letter = services.Settle(call, Report(call, AttemptOutcome.Rejected)).DeadLetter!;

        var recalled = services.Replay(null, letter).State;

        recalled.PendingEvents.Should().ContainSingle();
        services.ApplyNotification(recalled, Received("declined")).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }

    private static AttemptReport Report(CallState call, AttemptOutcome verdict) =>
        new() { Attempt = call.DueAttempts(TestHost.Now).First(), Outcome = verdict, Error = "Why." };

    private static ReceivedCallNotification Received(string status, DateTimeOffset? at = null) => new()
    {
        Notification = TestNotifications.CreateCall(status),
        Decision = CallPolicies.AllStatuses.Decide(new() { Kind = CallFact.KindOf(TestNotifications.CreateCall(status).Status), IdInstance = 1101000001, Notification = TestNotifications.CreateCall(status) }),
        ReceivedAt = at ?? TestHost.Now,
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("handler"));
}
