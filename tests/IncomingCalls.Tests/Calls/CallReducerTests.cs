using IncomingCalls.Calls;
using IncomingCalls.Inbox;

namespace IncomingCalls.Tests.Calls;

public class CallReducerTests
{
    private static readonly CallKey Key = new(1101000001, "A");
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1790000000);
    private static readonly ChatId Client = ChatId.Parse("70000000101@c.us");
    private static readonly ChatId Own = ChatId.Parse("70000000001@c.us");
    private static readonly ChatId Stranger = ChatId.Parse("70000000199@c.us");

    /// <summary>One input of each status, with faults observed at the gateway: a different `from`, the own number of the instance, a timestamp in the past.</summary>
    private static readonly Input[] Inputs =
    [
        Status("offer", 10, Client),
        Status(null, 11, Stranger),
        Status("pickUp", 19, Client),
        Status("hungUp", 5, Own),
        Status("missed", 30, null),
        Status("declined", 21, Stranger),
        Status("transferred", 15, Own),
        before => CallReducer.ResolveOutcome(before ?? new() { Key = Key, FirstReceivedAt = Start }, CallDecision.Handle(), Start.AddMinutes(15)),
    ];

    private delegate CallTransition Input(CallHistory? before);

    [Fact]
    public void AcceptAndResolveOutcome_EverySequenceOfUpToSix_DependOnTheSetAlone()
    {
        // 8 + 8² + … + 8⁶ = 299,592 sequences: every order, including duplicates.
        var ends = new Dictionary<int, Call>();
        ExtendSequences(null, 0, 0, ends);

        ends.Should().HaveCount(Enumerable.Range(1, 255).Count(set => int.PopCount(set) <= 6), "every set of up to six facts should be covered");
    }

    [Fact]
    public void AcceptAndResolveOutcome_EverySequenceOfUpToSix_NeverGoBackwards()
    {
        Walk(null, 0, CallOutcome.None, isOffered: false);

        static void Walk(CallHistory? history, int length, CallOutcome reported, bool isOffered)
        {
            if (length == 6)
            {
                return;
            }

            foreach (var input in Inputs)
            {
                var transition = input(history);
                var outcome = reported;
                if (transition.Event is { Kind: CallEventKind.Offered })
                {
                    Assert.True(reported == CallOutcome.None && !isOffered, "an offer raises one event, and none after an outcome");
                }
                else if (transition.Event is { Kind: not CallEventKind.Unrecognized } stored)
                {
                    outcome = CallProjection.OutcomeOf(stored.Kind);
                    Assert.True(outcome > reported && stored.PreviousOutcome == reported, "an outcome is only raised, and contains the previous outcome");
                }

                Assert.True(transition.IsDuplicate || history is null || transition.Call.Version > CallProjection.Project(history).Version, "versions increase");
                Walk(transition.History, length + 1, outcome, transition.Call.OfferedAt is not null);
            }
        }
    }

    [Fact]
    public void AcceptAndResolveOutcome_EverySequenceOfUpToFour_RepeatedInputIsADuplicate()
    {
        Walk(null, 0);

        static void Walk(CallHistory? history, int length)
        {
            if (length == 4)
            {
                return;
            }

            foreach (var input in Inputs)
            {
                var first = input(history);
                var second = input(first.History);

                Assert.True(second.IsDuplicate && second.Event is null && ReferenceEquals(second.History, first.History), "a repetition changes nothing");
                Walk(first.History, length + 1);
            }
        }
    }

    [Theory]
    [InlineData(CallOutcome.Answered, "offer", "pickUp")]
    [InlineData(CallOutcome.Dropped, "offer", "hangUp")]
    [InlineData(CallOutcome.Missed, "offer", "declined")]
    [InlineData(CallOutcome.Missed, "missed")]
    [InlineData(CallOutcome.Answered, "missed", "pickUp", "hungUp")]
    [InlineData(CallOutcome.Dropped, "declined", "hungUp")]
    [InlineData(CallOutcome.None, "offer", "transferred")]
    public void Accept_Statuses_RankTheOutcome(CallOutcome expected, params string[] statuses) =>
        Accept([.. statuses.Select(status => Status(status, 0, Client))]).Outcome.Should().Be(expected);

    [Fact]
    public void Accept_OutcomeWithAnotherFrom_PreservesTheCallerOfTheOffer()
    {
        var call = Accept(Status("declined", 5, Own), Status("offer", 0, Client));

        call.Caller.ChatId.Should().Be(Client);
        call.Anomalies.Should().Be(CallAnomalies.OtherFrom);
    }

    [Fact]
    public void Accept_OutcomesWithoutOffer_PreferACallerOtherThanTheInstance()
    {
        var call = Accept(Status("declined", 5, Own), Status("hungUp", 6, Client));

        call.Caller.ChatId.Should().Be(Client);
        call.Anomalies.Should().HaveFlag(CallAnomalies.OtherFrom).And.NotHaveFlag(CallAnomalies.FromSelf);
    }

    [Fact]
    public void Accept_OutcomeFromSelfWithoutOffer_HasNoCallerAndIsNoOwnCall()
    {
        var call = Accept(Status("declined", 5, Own));

        call.Caller.Should().Be(Caller.Anonymous);
        call.Anomalies.Should().Be(CallAnomalies.OtherFrom);
    }

    [Fact]
    public void Accept_OfferFromSelf_HasAnUnknownCaller()
    {
        var call = Accept(Status("offer", 0, Own), Status("declined", 5, Own));

        call.Anomalies.Should().Be(CallAnomalies.FromSelf);
        call.Caller.Should().Be(Caller.Anonymous);
    }

    [Theory]
    [InlineData("offer", "declined")]
    [InlineData("declined", "offer")]
    public void Accept_LinkedIdAndNumber_CallerHasTheNumberInEveryOrder(string withLid, string withNumber)
    {
        var (first, second) = (Status(withLid, 0, ChatId.Parse("100000000000001@lid")), Status(withNumber, 5, Client));

        Accept(first, second).Caller.ChatId.Should().Be(Client);
        Accept(second, first).Caller.ChatId.Should().Be(Client);
    }

    [Fact]
    public void Accept_OwnNumberInANotificationWithoutStatus_IsAnOwnNumberCall() =>
        Accept(Status("offer", 0, ChatId.Parse("100000000000001@lid")), Status(null, 1, Own)).Anomalies.Should().HaveFlag(CallAnomalies.FromSelf);

    [Fact]
    public void Accept_OfferAndOutcome_ComputeTheRingTime()
    {
        var call = Accept(Status("offer", 0, Client), Status("declined", 24, Client));

        call.RingTime.Should().Be(TimeSpan.FromSeconds(24));
        call.EndedAt.Should().Be(Start.AddSeconds(24));
        call.IsUnanswered.Should().BeTrue();
        call.Version.Should().BeGreaterThan(Accept(Status("offer", 0, Client)).Version);
    }

    [Fact]
    public void Accept_OutcomeAfterTheOfferExpired_HasAHigherVersion()
    {
        var known = Accept(Status("offer", 0, Client), Status("transferred", 1, Client));

        Accept(Status("declined", 5, Client)).Version.Should().BeGreaterThan(known.Version);
    }

    [Fact]
    public void Accept_AnsweredCall_HasNoEndTime()
    {
        var call = Accept(Status("offer", 0, Client), Status("pickUp", 9, Client));

        call.RingTime.Should().Be(TimeSpan.FromSeconds(9));
        call.EndedAt.Should().BeNull();
        call.IsUnanswered.Should().BeFalse();
    }

    [Fact]
    public void Accept_OutcomeEarlierThanOffer_DoesNotGoBackwards()
    {
        var call = Accept(Status("offer", 10, Client), Status("declined", 4, Client));

        call.EndedAt.Should().Be(call.OfferedAt);
        call.Anomalies.Should().Be(CallAnomalies.TimesReversed);
    }

    [Fact]
    public void Accept_MissedThenDeclined_IsOneEvent()
    {
        var missed = Status("missed", 5, Client)(null);
        var declined = Status("declined", 6, Client)(missed.History);

        missed.Event.Should().NotBeNull();
        declined.Event.Should().BeNull();
        declined.IsDuplicate.Should().BeFalse();
        declined.Call.Anomalies.Should().Be(CallAnomalies.SeveralOutcomes);
        declined.Call.EndedAt.Should().Be(Start.AddSeconds(5));
    }

    [Fact]
    public void Accept_UnknownTextInOtherCase_IsADuplicate()
    {
        var first = Status("Transferred", 5, Client)(null);

        first.Event.Should().NotBeNull();
        Status("TRANSFERRED", 6, Client)(first.History).IsDuplicate.Should().BeTrue();
        Status("parked", 6, Client)(first.History).Event.Should().NotBeNull();
    }

    [Fact]
    public void Accept_UnboundedUnknownTexts_StopGrowing() =>
        AcceptUnknownTexts(100).History.Facts.Should().HaveCount(CallHistory.MaxUnrecognizedFacts);

    [Theory]
    [InlineData("offer", CallOutcome.None)]
    [InlineData(null, CallOutcome.None)]
    [InlineData("declined", CallOutcome.Missed)]
    [InlineData("missed", CallOutcome.Missed)]
    [InlineData("hungUp", CallOutcome.Dropped)]
    [InlineData("pickUp", CallOutcome.Answered)]
    public void Accept_KnownStatusAfterTheMaximumOfUnknownTexts_IsAnEvent(string? status, CallOutcome outcome)
    {
        var full = AcceptUnknownTexts(CallHistory.MaxUnrecognizedFacts);

        var transition = Status(status, 60, Client)(full.History);

        transition.IsDuplicate.Should().BeFalse();
        transition.Event.Should().NotBeNull();
        transition.Call.Outcome.Should().Be(outcome);
        transition.Call.Version.Should().BeGreaterThan(full.Call.Version);
    }

    [Fact]
    public void ResolveOutcome_AfterTheMaximumOfUnknownTexts_IsAnEvent() =>
        Inputs[^1](AcceptUnknownTexts(CallHistory.MaxUnrecognizedFacts).History).Event!.Kind.Should().Be(CallEventKind.OutcomeUnknown);

    [Fact]
    public void Accept_AnyNotification_PreservesTheFirstTimeOfReceipt()
    {
        var offered = CallReducer.Accept(null, Receive("offer", 0, Client, receivedAfter: 1));

        CallReducer.Accept(offered.History, Receive("pickUp", 9, Client, receivedAfter: 10)).History.FirstReceivedAt.Should().Be(Start.AddSeconds(1));
    }

    private static void ExtendSequences(CallHistory? history, int set, int length, Dictionary<int, Call> ends)
    {
        if (length == 6)
        {
            return;
        }

        for (var i = 0; i < Inputs.Length; i++)
        {
            var transition = Inputs[i](history);
            var after = set | (1 << i);
            if (ends.TryGetValue(after, out var known))
            {
                Assert.Equal(known, transition.Call);
            }
            else
            {
                ends.Add(after, transition.Call);
            }

            ExtendSequences(transition.History, after, length + 1, ends);
        }
    }

    private static CallTransition AcceptUnknownTexts(int count)
    {
        CallTransition? transition = null;
        for (var i = 0; i < count; i++)
        {
            transition = Status($"status{i}", i, Client)(transition?.History);
        }

        return transition!;
    }

    private static Call Accept(params Input[] inputs)
    {
        CallTransition? transition = null;
        foreach (var input in inputs)
        {
            transition = input(transition?.History);
        }

        return transition!.Call;
    }

    private static Input Status(string? status, int second, ChatId? from) => before => CallReducer.Accept(before, Receive(status, second, from, receivedAfter: 3600));

    private static ReceivedCallNotification Receive(string? status, int second, ChatId? from, int receivedAfter) => new()
    {
        Notification = new()
        {
            IdMessage = Key.IdMessage,
            Instance = new() { IdInstance = Key.IdInstance, Wid = Own },
            RawStatus = status,
            From = from,
            Timestamp = Start.AddSeconds(second),
        },
        Decision = CallDecision.Handle(),
        ReceivedAt = Start.AddSeconds(receivedAfter),
    };
}
