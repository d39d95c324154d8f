using IncomingCalls.Calls;
using IncomingCalls.Inbox;

namespace IncomingCalls.Tests.Calls;

public class OutgoingCallTests
{
    private static readonly CallKey Key = new(1101000001, "A");
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1790000000);
    private static readonly ChatId Called = ChatId.Parse("70000000101@c.us");
    private static readonly ChatId Own = ChatId.Parse("70000000001@c.us");

    [Theory]
    [InlineData("pickUp", CallEventKind.Answered, CallOutcome.Answered)]
    [InlineData("hungUp", CallEventKind.NotAnswered, CallOutcome.NotAnswered)]
    [InlineData("missed", CallEventKind.NotAnswered, CallOutcome.NotAnswered)]
    [InlineData("declined", CallEventKind.NotAnswered, CallOutcome.NotAnswered)]
    [InlineData("invalid", CallEventKind.Failed, CallOutcome.Failed)]
    [InlineData("transferred", CallEventKind.Unrecognized, CallOutcome.None)]
    [InlineData("offer", CallEventKind.Unrecognized, CallOutcome.None)]
    [InlineData(null, CallEventKind.Unrecognized, CallOutcome.None)]
    public void Accept_EachStatus_IsAnEventOfAnOutgoingCall(string? status, CallEventKind kind, CallOutcome outcome)
    {
        var transition = CallReducer.Accept(null, Outgoing(status, 30));

        transition.Event.Should().BeEquivalentTo(new { Kind = kind, Direction = CallDirection.Outgoing, ConcernsAlert = false });
        transition.Call.Should().BeEquivalentTo(new { Direction = CallDirection.Outgoing, Outcome = outcome, IsUnanswered = false, Anomalies = CallAnomalies.None });
        transition.Call.Caller.ChatId.Should().Be(Called);
        (transition.Call.OfferedAt, transition.Call.RingTime).Should().Be((null, null));
        transition.Call.EndedAt.Should().Be(outcome == CallOutcome.None ? null : Start.AddSeconds(30));
    }

    [Fact]
    public void Accept_Repeated_IsADuplicate()
    {
        var first = CallReducer.Accept(null, Outgoing("hungUp", 30));

        CallReducer.Accept(first.History, Outgoing("hungUp", 30)).IsDuplicate.Should().BeTrue();
    }

    /// <summary>The gateway has reported outgoing calls as incoming ones of the own number, too.</summary>
    [Fact]
    public void Accept_CallAlsoReportedAsIncoming_IsOutgoingAndEndsTheAlert()
    {
        var offered = CallReducer.Accept(null, Incoming("offer", 0, Own), new() { OwnNumber = CallTreatment.Alert });
        offered.History.HasAlert.Should().BeTrue();

        var outgoing = CallReducer.Accept(offered.History, Outgoing("pickUp", 30));

        outgoing.Event.Should().BeEquivalentTo(new { Kind = CallEventKind.Answered, Direction = CallDirection.Outgoing, ConcernsAlert = true });
        outgoing.Call.Caller.ChatId.Should().Be(Called);
        outgoing.Call.Anomalies.Should().NotHaveFlag(CallAnomalies.FromSelf);
    }

    [Fact]
    public void Accept_EverySequenceOfBothDirections_DependsOnTheSetAlone()
    {
        ReceivedCallNotification[] inputs =
        [
            Outgoing("pickUp", 30), Outgoing("hungUp", 31), Outgoing("invalid", 32), Incoming("offer", 0, Own), Incoming("missed", 20, Called), Incoming("hungUp", 21, Own),
        ];
        Dictionary<int, Call> ends = [];

        Walk(null, 0, length: 0);

        ends.Should().HaveCount(63);

        void Walk(CallHistory? history, int set, int length)
        {
            for (var i = 0; i < inputs.Length && length < 6; i++)
            {
                var transition = CallReducer.Accept(history, inputs[i]);
                var next = set | (1 << i);
                Assert.True(ends.TryAdd(next, transition.Call) || ends[next] == transition.Call, "the order of arrival does not matter");
                Assert.True(transition.IsDuplicate || history is null || transition.Call.Version > CallProjection.Project(history).Version, "versions increase");
                Walk(transition.History, next, length + 1);
            }
        }
    }

    private static ReceivedCallNotification Outgoing(string? status, int seconds) => Create(CallDirection.Outgoing, status, seconds, Called);

    private static ReceivedCallNotification Incoming(string status, int seconds, ChatId from) => Create(CallDirection.Incoming, status, seconds, from);

    private static ReceivedCallNotification Create(CallDirection direction, string? status, int seconds, ChatId from)
    {
        var notification = new IncomingCallNotification
        {
            IdMessage = Key.IdMessage,
            Instance = new() { IdInstance = Key.IdInstance, Wid = Own },
            Direction = direction,
            RawStatus = status,
            From = from,
            Timestamp = Start.AddSeconds(seconds),
        };
        return new()
        {
            Notification = notification,
            Decision = CallPolicies.AllStatuses.Decide(new() { Kind = CallFact.KindOf(notification), IdInstance = Key.IdInstance, Notification = notification }),
            ReceivedAt = Start.AddSeconds(seconds + 1),
        };
    }
}
