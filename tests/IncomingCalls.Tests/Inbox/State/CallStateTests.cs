using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;

namespace IncomingCalls.Tests.Inbox.State;

public class CallStateTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Json_StateWithEverything_RoundTrips()
    {
        var notification = TestNotifications.CreateCall("offer");
        var call = Create(CreatePending("Offered", 0, CreateDelivery("crm", 2) with { Attempts = 1, LastError = "TimeoutException: Too slow.", WaitsFor = DeliveryWait.Retry })) with
        {
            History = new()
            {
                Key = new(1101000001, "A"),
                FirstReceivedAt = At,
                Facts = [CallFact.FromNotification(notification, At), CallFact.CreateOutcomeUnknown(At.AddMinutes(15))],
                HasAlert = true,
            },
            OutcomeDueAt = At.AddMinutes(15),
        };
        var options = IncomingCallsJson.DefaultOptions;

        var json = JsonSerializer.Serialize(call, options);
        var read = JsonSerializer.Deserialize<CallState>(json, options)!;

        JsonSerializer.Serialize(read, options).Should().Be(json);
        read.Should().BeEquivalentTo(call, compare => compare.RespectingRuntimeTypes());
    }

    /// <summary>Inbox files contain this JSON, and later versions read it: a member that is renamed in C# keeps its name here.</summary>
    [Fact]
    public void Json_PendingCall_HasTheStoredMemberNames()
    {
        const string stored =
            """{"history":{"key":{"idInstance":1101000001,"idMessage":"A"},"firstReceivedAt":"2026-01-15T09:30:01+00:00","facts":[{"key":"offer","kind":"Offered","from":"70000000101@c.us","occurredAt":"2026-01-15T09:30:00+00:00"}],"hasAlert":true}""" +
            ""","pendingEvents":[{"event":{"id":"1101000001/A/Offered","call":{"idInstance":1101000001,"idMessage":"A"},"kind":"Offered","decision":{"kind":"Handle","label":"IncomingCall","alertOperator":true},"concernsAlert":true,"occurredAt":"2026-01-15T09:30:00+00:00","receivedAt":"2026-01-15T09:30:01+00:00"}""" +
            ""","deliveries":[{"handlerName":"crm","isNotifier":true,"attempts":1,"dueAt":"2026-01-15T09:30:03+00:00","waitsFor":"Retry","lastError":"TimeoutException: Too slow."}],"traceParent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","traceState":"a=1"}]""" +
            ""","outcomeDueAt":"2026-01-15T09:45:01+00:00","touchedAt":"2026-01-15T09:30:01+00:00"}""";

        var call = JsonSerializer.Deserialize<CallState>(stored, IncomingCallsJson.DefaultOptions)!;

        call.PendingEvents.Should().ContainSingle().Which.Deliveries.Should().ContainSingle().Which.HandlerName.Should().Be("crm");
        JsonSerializer.Serialize(call, IncomingCallsJson.DefaultOptions).Should().Be(stored);
    }

    [Fact]
    public void GetLanes_SeveralEvents_HasOneLanePerHandlerWithItsFirstDelivery()
    {
        var call = Create(
            CreatePending("Offered", 0, CreateDelivery("crm", 60) with { WaitsFor = DeliveryWait.Retry }),
            CreatePending("Answered", 9, CreateDelivery("crm", 9), CreateDelivery("chat", 10) with { WaitsFor = DeliveryWait.CallerName }));

        var lanes = call.GetLanes();

        lanes.Select(lane => (lane.HandlerName, lane.Next!.PendingEvent.Event.Kind, lane.DueAt, lane.WaitsFor, lane.Count)).Should().Equal(
            ("crm", CallEventKind.Offered, At.AddSeconds(60), DeliveryWait.Retry, 2),
            ("chat", CallEventKind.Answered, At.AddSeconds(10), DeliveryWait.CallerName, 1));
        call.DueAt.Should().Be(At.AddSeconds(10), "the second event of crm waits behind the first one");
        call.PendingCount.Should().Be(3);
        call.OldestPendingAt.Should().Be(At);
        call.IsFinished.Should().BeFalse();
    }

    [Fact]
    public void GetLanes_AwaitedOutcome_IsTheLastLane()
    {
        var call = Create(CreatePending("Offered", 0, CreateDelivery("crm", 60))) with { OutcomeDueAt = At.AddSeconds(30) };

        var lane = call.GetLanes()[^1];

        (lane.Next is null, lane.DueAt, lane.WaitsFor, lane.Count).Should().Be((true, At.AddSeconds(30), DeliveryWait.Outcome, 0));
        call.DueAt.Should().Be(At.AddSeconds(30));
        (call with { PendingEvents = [] }).IsFinished.Should().BeFalse();
    }

    [Fact]
    public void GetLanes_NothingPending_IsEmptyAndTheCallIsFinished()
    {
        var call = Create();

        call.GetLanes().Should().BeEmpty();
        (call.DueAt, call.OldestPendingAt, call.IsFinished).Should().Be((null, null, true));
    }

    private static CallState Create(params PendingEvent[] pending) =>
        new() { History = new() { Key = new(1101000001, "A"), FirstReceivedAt = At }, PendingEvents = pending, TouchedAt = At };

    private static PendingEvent CreatePending(string kind, int second, params Delivery[] deliveries) => new()
    {
        Event = new()
        {
            Id = $"1101000001/A/{kind}",
            Call = new(1101000001, "A"),
            Kind = Enum.Parse<CallEventKind>(kind),
            Decision = CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true),
            OccurredAt = At.AddSeconds(second),
            ReceivedAt = At.AddSeconds(second),
        },
        Deliveries = deliveries,
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };

    private static Delivery CreateDelivery(string handler, int second) => new() { HandlerName = handler, DueAt = At.AddSeconds(second) };
}
