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

    /// <summary>One fact of each status, with faults observed at the gateway: a different `from`, the own number of the instance, a timestamp in the past.</summary>
    private static readonly CallFact[] Facts =
    [
        Fact("offer", 10, Client),
        Fact(null, 11, Stranger),
        Fact("pickUp", 19, Client),
        Fact("hungUp", 5, Own),
        Fact("missed", 30, null),
        Fact("declined", 21, Stranger),
        Fact("transferred", 15, Own),
        CallFact.CreateOutcomeUnknown(Start.AddMinutes(15)),
    ];

    [Fact]
    public void Reduce_EverySequenceOfUpToSix_DependsOnTheSetAlone()
    {
        // 8 + 8² + … + 8⁶ = 299,592 sequences: every order, including duplicates.
        var ends = new Dictionary<int, Call>();
        ExtendSequences(null, 0, 0, ends);

        ends.Should().HaveCount(Enumerable.Range(1, 255).Count(set => int.PopCount(set) <= 6), "every set of up to six facts should be covered");
    }

    [Fact]
    public void Reduce_EverySequenceOfUpToSix_NeverGoesBackwards()
    {
        Walk(null, 0, CallOutcome.None, isOffered: false);

        static void Walk(CallHistory? history, int length, CallOutcome reported, bool isOffered)
        {
            if (length == 6)
            {
                return;
            }

            foreach (var fact in Facts)
            {
                var change = CallReducer.Reduce(history, Key, fact);
                var outcome = reported;
                if (change.IsEvent && fact.Kind == CallEventKind.Offered)
                {
                    Assert.True(reported == CallOutcome.None && !isOffered, "an offer raises one event, and none after an outcome");
                }
                else if (change.IsEvent && fact.Kind != CallEventKind.Unrecognized)
                {
                    outcome = CallProjection.OutcomeOf(fact.Kind);
                    Assert.True(outcome > reported && change.PreviousOutcome == reported, "an outcome is only raised, and contains the previous outcome");
                }

                Assert.True(change.IsDuplicate || history is null || change.Call.Version > CallProjection.Project(history).Version, "versions increase");
                Walk(change.History, length + 1, outcome, isOffered || fact.Kind == CallEventKind.Offered);
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
    public void Reduce_Statuses_RankTheOutcome(CallOutcome expected, params string[] statuses) =>
        Reduce([.. statuses.Select(status => Fact(status, 0, Client))]).Outcome.Should().Be(expected);

    [Fact]
    public void Reduce_OutcomeWithAnotherFrom_PreservesTheCallerOfTheOffer()
    {
        var call = Reduce(Fact("declined", 5, Own), Fact("offer", 0, Client));

        call.Caller.ChatId.Should().Be(Client);
        call.Anomalies.Should().Be(CallAnomalies.OtherFrom);
    }

    [Fact]
    public void Reduce_OutcomesWithoutOffer_PreferACallerOtherThanTheInstance()
    {
        var call = Reduce(Fact("declined", 5, Own), Fact("hungUp", 6, Client));

        call.Caller.ChatId.Should().Be(Client);
        call.Anomalies.Should().HaveFlag(CallAnomalies.OtherFrom).And.NotHaveFlag(CallAnomalies.FromSelf);
    }

    [Fact]
    public void Reduce_OutcomeFromSelfWithoutOffer_HasNoCallerAndIsNoOwnCall()
    {
        var call = Reduce(Fact("declined", 5, Own));

        call.Caller.Should().Be(Caller.Anonymous);
        call.Anomalies.Should().Be(CallAnomalies.OtherFrom);
    }

    [Fact]
    public void Reduce_OfferFromSelf_IsAnOwnCall() =>
        Reduce(Fact("offer", 0, Own)).Anomalies.Should().Be(CallAnomalies.FromSelf);

    [Fact]
    public void Reduce_OfferAndOutcome_ComputeTheRingTime()
    {
        var call = Reduce(Fact("offer", 0, Client), Fact("declined", 24, Client));

        call.RingTime.Should().Be(TimeSpan.FromSeconds(24));
        call.EndedAt.Should().Be(Start.AddSeconds(24));
        call.IsUnanswered.Should().BeTrue();
        call.Version.Should().BeGreaterThan(Reduce(Fact("offer", 0, Client)).Version);
    }

    [Fact]
    public void Reduce_OutcomeAfterTheOfferExpired_HasAHigherVersion()
    {
        var known = Reduce(Fact("offer", 0, Client), Fact("transferred", 1, Client));

        Reduce(Fact("declined", 5, Client)).Version.Should().BeGreaterThan(known.Version);
    }

    [Fact]
    public void Reduce_AnsweredCall_HasNoEndTime()
    {
        var call = Reduce(Fact("offer", 0, Client), Fact("pickUp", 9, Client));

        call.RingTime.Should().Be(TimeSpan.FromSeconds(9));
        call.EndedAt.Should().BeNull();
        call.IsUnanswered.Should().BeFalse();
    }

    [Fact]
    public void Reduce_OutcomeEarlierThanOffer_DoesNotGoBackwards()
    {
        var call = Reduce(Fact("offer", 10, Client), Fact("declined", 4, Client));

        call.EndedAt.Should().Be(call.OfferedAt);
        call.Anomalies.Should().Be(CallAnomalies.TimesReversed);
    }

    [Fact]
    public void Reduce_MissedThenDeclined_IsOneEvent()
    {
        var missed = CallReducer.Reduce(null, Key, Fact("missed", 5, Client));
        var declined = CallReducer.Reduce(missed.History, Key, Fact("declined", 6, Client));

        missed.IsEvent.Should().BeTrue();
        declined.IsEvent.Should().BeFalse();
        declined.IsDuplicate.Should().BeFalse();
        declined.Call.Anomalies.Should().Be(CallAnomalies.SeveralOutcomes);
        declined.Call.EndedAt.Should().Be(Start.AddSeconds(5));
    }

    [Fact]
    public void Reduce_UnknownTextInOtherCase_IsADuplicate()
    {
        var first = CallReducer.Reduce(null, Key, Fact("Transferred", 5, Client));

        first.IsEvent.Should().BeTrue();
        CallReducer.Reduce(first.History, Key, Fact("TRANSFERRED", 6, Client)).IsDuplicate.Should().BeTrue();
        CallReducer.Reduce(first.History, Key, Fact("parked", 6, Client)).IsEvent.Should().BeTrue();
    }

    [Fact]
    public void Reduce_UnboundedUnknownTexts_StopGrowing()
    {
        CallHistory? history = null;
        for (var i = 0; i < 100; i++)
        {
            history = CallReducer.Reduce(history, Key, Fact($"status{i}", i, Client)).History;
        }

        history!.Facts.Should().HaveCount(CallHistory.MaxFacts);
    }

    private static void ExtendSequences(CallHistory? history, int set, int length, Dictionary<int, Call> ends)
    {
        if (length == 6)
        {
            return;
        }

        for (var i = 0; i < Facts.Length; i++)
        {
            var change = CallReducer.Reduce(history, Key, Facts[i]);
            var after = set | (1 << i);
            if (ends.TryGetValue(after, out var known))
            {
                Assert.Equal(known, change.Call);
            }
            else
            {
                ends.Add(after, change.Call);
            }

            ExtendSequences(change.History, after, length + 1, ends);
        }
    }

    private static Call Reduce(params CallFact[] facts)
    {
        HistoryChange? change = null;
        foreach (var fact in facts)
        {
            change = CallReducer.Reduce(change?.History, Key, fact);
        }

        return change!.Call;
    }

    private static CallFact Fact(string? status, int second, ChatId? from) => CallFact.FromNotification(
        new()
        {
            IdMessage = Key.IdMessage,
            Instance = new() { IdInstance = Key.IdInstance, Wid = Own },
            RawStatus = status,
            From = from,
            Timestamp = Start.AddSeconds(second),
        },
        receivedAt: Start.AddHours(1));
}
