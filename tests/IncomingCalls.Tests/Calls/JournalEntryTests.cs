using IncomingCalls.Calls;
using IncomingCalls.Inbox;

namespace IncomingCalls.Tests.Calls;

/// <summary>What the call journal reports beside the notifications of a call.</summary>
public class JournalEntryTests
{
    private static readonly CallKey Key = new(1101000001, "A");
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1790000000);
    private static readonly ChatId Client = ChatId.Parse("70000000101@c.us");
    private static readonly ChatId Own = ChatId.Parse("70000000001@c.us");
    private static readonly ChatId Stranger = ChatId.Parse("70000000199@c.us");

    private static readonly Input[] Inputs =
    [
        Status("offer", 0, Client),
        Status("offer", 0, Own),
        Status("pickUp", 9, Client),
        Status("hungUp", 10, Client),
        Status("missed", 11, Client),
        Entry(CallStatus.PickUp, 60, Client),
        Entry(CallStatus.HungUp, 61, Client),
        Entry(CallStatus.Missed, 62, Stranger),
        Entry(CallStatus.HungUp, 63, Client, CallDirection.Outgoing),
        before => CallReducer.ResolveOutcome(before ?? new() { Key = Key, FirstReceivedAt = Start }, CallDecision.Handle(), Start.AddMinutes(15)),
    ];

    private delegate CallTransition Input(CallHistory? before);

    [Fact]
    public void Accept_EverySequenceOfUpToFive_DependsOnTheSetOfFactsAlone()
    {
        var calls = new Dictionary<string, Call>();
        Walk(null, 0);

        void Walk(CallHistory? history, int length)
        {
            foreach (var input in length == 5 ? [] : Inputs)
            {
                var transition = input(history);
                // Of two offers with the same status, the first one received is the fact.
                var set = string.Join(' ', transition.History.Facts.Select(static fact => (fact.Key, fact.IsFromSelf)));
                Assert.Equal(calls.GetValueOrDefault(set, transition.Call), transition.Call);
                calls[set] = transition.Call;
                Walk(transition.History, length + 1);
            }
        }
    }

    [Fact]
    public void Accept_EverySequenceOfUpToFive_HasEventsWithOwnIdsAndRisingVersions()
    {
        Walk(null, 0, [], CallOutcome.None);

        static void Walk(CallHistory? history, int length, string[] ids, CallOutcome reported)
        {
            foreach (var input in length == 5 ? [] : Inputs)
            {
                var transition = input(history);
                var outcome = reported;
                Assert.True(transition.IsDuplicate || history is null || transition.Call.Version > CallProjection.Project(history).Version, "versions increase");
                if (transition.Event is { Kind: not CallEventKind.Offered } stored)
                {
                    outcome = CallProjection.OutcomeOf(stored.Kind);
                    var isOtherDirection = history is not null && CallProjection.Project(history).Direction != transition.Call.Direction;
                    Assert.True((outcome != reported || isOtherDirection) && stored.PreviousOutcome == reported && transition.Call.Outcome == outcome, "an event reports another outcome than the one before");
                }

                Assert.DoesNotContain(transition.Event?.Id, ids);
                Walk(transition.History, length + 1, transition.Event is null ? ids : [.. ids, transition.Event.Id], outcome);
            }
        }
    }

    [Theory]
    [InlineData(CallStatus.PickUp, CallOutcome.Answered)]
    [InlineData(CallStatus.HungUp, CallOutcome.Dropped)]
    [InlineData(CallStatus.Missed, CallOutcome.Missed)]
    public void Accept_EntryOfACallWithoutOutcome_IsItsOutcome(CallStatus status, CallOutcome expected)
    {
        var unknown = Inputs[^1](Status("offer", 0, Client)(null).History);

        var transition = Entry(status, 60, Client)(unknown.History);

        transition.Call.Outcome.Should().Be(expected);
        transition.Call.OutcomeSource.Should().Be(CallSource.Journal);
        transition.Call.Source.Should().Be(CallSource.Notification);
        transition.Call.EndedAt.Should().Be(Start.AddSeconds(60));
        transition.Event!.PreviousOutcome.Should().Be(CallOutcome.Unknown);
        transition.Event.Notification.Should().BeNull();
        transition.Event.Id.Should().Be($"1101000001/A/{expected}/Journal");
    }

    [Fact]
    public void Accept_AnsweredEntry_HasNoRingTime()
    {
        var call = Entry(CallStatus.PickUp, 600, Client)(Status("offer", 0, Client)(null).History).Call;

        call.RingTime.Should().BeNull("the journal tells the end of the conversation");
        call.EndedAt.Should().Be(Start.AddSeconds(600));
    }

    [Theory]
    [InlineData("missed", CallStatus.HungUp, CallOutcome.Missed)]
    [InlineData("hungUp", CallStatus.Missed, CallOutcome.Dropped)]
    [InlineData("pickUp", CallStatus.Missed, CallOutcome.Answered)]
    public void Accept_EntryOfACallWithAnUnansweredOutcome_ChangesNothingInEitherOrder(string status, CallStatus entry, CallOutcome expected)
    {
        var (notification, journal) = (Status(status, 10, Client), Entry(entry, 12, Client));

        journal(notification(null).History).Event.Should().BeNull();
        journal(notification(null).History).Call.Outcome.Should().Be(expected);
        journal(notification(null).History).Call.OutcomeSource.Should().Be(CallSource.Notification);
        notification(journal(null).History).Call.Outcome.Should().Be(expected);
        notification(journal(null).History).Event!.Kind.Should().Be(CallFact.KindOf(CreateNotification(status, 10, Client)));
    }

    [Fact]
    public void Accept_NotificationThatConfirmsTheEntry_IsNoEvent()
    {
        var confirmed = Status("missed", 10, Client)(Entry(CallStatus.Missed, 12, Client)(null).History);

        confirmed.Event.Should().BeNull();
        confirmed.Call.OutcomeSource.Should().Be(CallSource.Notification);
    }

    [Fact]
    public void Accept_AnsweredEntryAfterAMissedNotification_RaisesTheOutcome() =>
        Entry(CallStatus.PickUp, 60, Client)(Status("missed", 10, Client)(null).History).Event!.PreviousOutcome.Should().Be(CallOutcome.Missed);

    [Fact]
    public void Accept_EntryWithAnotherChat_PreservesTheCallerOfTheOffer()
    {
        var call = Entry(CallStatus.Missed, 60, Stranger)(Status("offer", 0, Client)(null).History).Call;

        call.Caller.ChatId.Should().Be(Client);
        call.Anomalies.Should().Be(CallAnomalies.None);
    }

    [Fact]
    public void Accept_IncomingEntryOfAnOwnNumberCall_NamesTheCaller()
    {
        var call = Entry(CallStatus.Missed, 60, Client)(Status("offer", 0, Own)(null).History).Call;

        call.Caller.ChatId.Should().Be(Client);
        call.Anomalies.Should().NotHaveFlag(CallAnomalies.FromSelf);
        call.Direction.Should().Be(CallDirection.Incoming);
    }

    [Fact]
    public void Accept_IncomingEntryWithALinkedIdOfAnOwnNumberCall_NamesTheLinkedIdAndNotTheOwnNumber()
    {
        var lid = ChatId.Parse("100000000000001@lid");
        var (offer, entry) = (Status("offer", 0, Own), Entry(CallStatus.Missed, 60, lid));

        entry(offer(null).History).Call.Caller.ChatId.Should().Be(lid);
        offer(entry(null).History).Call.Caller.ChatId.Should().Be(lid);
    }

    [Fact]
    public void Accept_IncomingEntryThatNamesTheOwnNumberToo_LeavesTheCallerUnknown()
    {
        var call = Entry(CallStatus.Missed, 60, Own)(Status("offer", 0, Own)(null).History).Call;

        call.Caller.Should().Be(Caller.Anonymous);
        call.Anomalies.Should().HaveFlag(CallAnomalies.FromSelf);
    }

    [Fact]
    public void Accept_OutgoingEntryOfAnOwnNumberCall_MakesItAnOutgoingCall()
    {
        var transition = Entry(CallStatus.HungUp, 60, Client, CallDirection.Outgoing)(Status("missed", 20, Own)(Status("offer", 0, Own)(null).History).History);

        transition.Call.Direction.Should().Be(CallDirection.Outgoing);
        transition.Call.Outcome.Should().Be(CallOutcome.NotAnswered);
        transition.Call.Caller.ChatId.Should().Be(Client);
        transition.Event!.Direction.Should().Be(CallDirection.Outgoing);
    }

    [Fact]
    public void Accept_OutgoingEntryOfAnAnsweredOwnCall_IsAnEventOfTheOutgoingCall()
    {
        var transition = Entry(CallStatus.PickUp, 60, Client, CallDirection.Outgoing)(Status("pickUp", 20, Own)(Status("offer", 0, Own)(null).History).History);

        transition.Event!.Direction.Should().Be(CallDirection.Outgoing);
        transition.Event.Id.Should().Be("1101000001/A/Answered/Journal");
    }

    [Fact]
    public void Project_EntryAlone_IsACallOfTheJournal()
    {
        var call = Entry(CallStatus.Missed, 60, Client)(null).Call;

        call.Source.Should().Be(CallSource.Journal);
        call.Caller.ChatId.Should().Be(Client);
        call.OfferedAt.Should().BeNull();
    }

    private static Input Status(string status, int at, ChatId from) => before => CallReducer.Accept(before, new()
    {
        Notification = CreateNotification(status, at, from),
        Decision = CallDecision.Handle(),
        ReceivedAt = Start.AddSeconds(at),
    });

    private static Input Entry(CallStatus status, int at, ChatId chatId, CallDirection direction = CallDirection.Incoming) => before => CallReducer.Accept(
        before ?? new() { Key = Key, FirstReceivedAt = Start },
        new CallJournalEntry { Direction = direction, Status = status, ChatId = chatId, EndedAt = Start.AddSeconds(at) },
        CallDecision.Handle(),
        Start.AddMinutes(20));

    private static IncomingCallNotification CreateNotification(string status, int at, ChatId from) => new()
    {
        IdMessage = Key.IdMessage,
        Instance = new() { IdInstance = Key.IdInstance, Wid = Own },
        RawStatus = status,
        From = from,
        Timestamp = Start.AddSeconds(at),
    };
}
