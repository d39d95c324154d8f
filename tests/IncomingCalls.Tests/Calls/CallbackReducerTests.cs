using IncomingCalls.Calls;
using IncomingCalls.Inbox;

namespace IncomingCalls.Tests.Calls;

public class CallbackReducerTests
{
    private const long First = 1101000001;
    private const long Second = 1101000002;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1790000000);
    private static readonly Person Client = new() { Account = "acme", ChatId = ChatId.Parse("70000000101@c.us") };

    [Fact]
    public void Apply_EveryOrderOfTheCalls_GivesTheSameState()
    {
        // Two calls that are missed first and answered or rejected later, calls at the same time, attempts before, between and after, and answers in both directions.
        Change[][] sets =
        [
            [Missed("A", 10), Missed("B", 20, Second), CalledBack("C", 15), Attempt("D", 12), Missed("E", 30), Attempt("F", 25)],
            [Missed("A", 10), Missed("B", 10), Attempt("C", 5), Attempt("D", 40), Missed("E", 30), Attempt("F", 30)],
            [Missed("A", 10), Answered("B", 10), Missed("C", 9), Missed("D", 11, Second), CalledBack("E", 8), Attempt("F", 11)],
            [Missed("A", 10), Missed("B", 20), Answered("C", 25), Missed("D", 26), Attempt("E", 26), CalledBack("F", 22)],
            [Attempt("A", 10), Attempt("B", 12), Answered("C", 11)],
        ];
        foreach (var set in sets)
        {
            var expected = Describe(set.Aggregate((PersonState?)null, static (state, change) => change.Invoke(state).State));
            foreach (var order in Permute(set))
            {
                Describe(order.Aggregate((PersonState?)null, static (state, change) => change.Invoke(state).State)).Should().Be(expected);
            }
        }
    }

    [Fact]
    public void FindChangesAndApply_EveryOrderOfTheFactsOfCalls_GivesTheSameState()
    {
        // The facts of three calls of one person, in all 5,040 orders: the outcome of a call rises, an offer names the person after the outcome, and an outcome without `from` comes first.
        (string Id, string Status, string? From, int Seconds, CallDirection Direction)[] facts =
        [
            ("A", "missed", null, 10, CallDirection.Incoming),
            ("A", "offer", "70000000101@c.us", 1, CallDirection.Incoming),
            ("A", "hungUp", "70000000101@c.us", 12, CallDirection.Incoming),
            ("B", "declined", "70000000101@c.us", 11, CallDirection.Incoming),
            ("B", "offer", "70000000101@c.us", 13, CallDirection.Incoming),
            ("C", "hungUp", "70000000101@c.us", 12, CallDirection.Outgoing),
            ("C", "pickUp", "70000000101@c.us", 11, CallDirection.Outgoing),
        ];
        var states = Permute(facts).Select(order => Describe(ApplyFacts(order))).Distinct().ToArray();

        states.Should().Equal("answered 11: A@12 B@13");
    }

    [Fact]
    public void Apply_SeveralMissedCalls_ExtendOneCallback()
    {
        var state = Apply(Missed("A", 10), Missed("B", 20, Second), Attempt("C", 25), Missed("D", 30));

        state!.ToOpenCallback(7, Now.AddSeconds(30)).Should().BeEquivalentTo(new
        {
            Id = 7L,
            Person = Client,
            FirstMissedAt = At(10),
            LastMissedAt = At(30),
            Count = 3,
            Calls = new CallKey[] { new(First, "A"), new(Second, "B"), new(First, "D") },
            IdInstances = new[] { First, Second },
            Attempts = 1,
            LastAttemptAt = At(25),
            ExpiresAt = Now.AddDays(14),
        });
    }

    [Fact]
    public void Apply_MissedRaisedToDropped_CountsOnce()
    {
        var state = Apply(Missed("A", 10), Missed("B", 20), Raise(Missed("A", 12), PersonContactKind.Unanswered));

        Describe(state).Should().Be("answered -: A@12 B@20");
    }

    [Fact]
    public void Apply_AnsweredCall_ClosesTheCallsUpToIt()
    {
        var state = Apply(Missed("A", 10), Attempt("B", 12), Missed("C", 20, Second), Missed("D", 40));

        var closed = CalledBack("E", 30).Invoke(state);

        closed.Closed.Should().BeEquivalentTo(new
        {
            Person = Client,
            How = CallbackClosing.CalledBack,
            ClosedAt = At(30),
            ClosingCall = (CallKey?)new CallKey(First, "E"),
            By = (string?)null,
            Note = (string?)null,
            Count = 2,
            Calls = new CallKey[] { new(First, "A"), new(Second, "C") },
            FirstMissedAt = At(10),
            LastMissedAt = At(20),
            Attempts = 1,
            LastAttemptAt = At(12),
        });
        Describe(closed.State).Should().Be("answered 30: D@40");
    }

    [Fact]
    public void Apply_CallAnsweredAfterItWasMissed_ClosesItsOwnCallbackWhateverItsTime()
    {
        var state = Apply(Missed("A", 10));

        var closed = Raise(Answered("A", 8), PersonContactKind.Unanswered).Invoke(state);

        closed.Closed!.Calls.Should().Equal(new CallKey(First, "A"));
        Describe(closed.State).Should().Be("answered 8:");
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(21, true)]
    public void Apply_MissedCallBesideAnAnsweredOne_OpensACallbackOnlyIfItIsLater(int missedAt, bool isOpen) =>
        (Apply(Answered("A", 20), Missed("B", missedAt))!.OpenSince is not null).Should().Be(isOpen);

    [Fact]
    public void Apply_AttemptWithoutUnansweredCall_OpensNothing()
    {
        var state = Apply(Attempt("A", 10));

        state!.ToOpenCallback(1, Now).Should().BeNull();
        Answered("B", 20).Invoke(state).Closed.Should().BeNull();
    }

    [Fact]
    public void Apply_SameContactTwice_ChangesNothing()
    {
        foreach (var change in (Change[])[Missed("A", 10), Attempt("B", 10), Answered("C", 10)])
        {
            var state = change.Invoke(null).State;

            change.Invoke(state).Should().Be(new PersonTransition { State = state, IsChange = false });
        }
    }

    [Fact]
    public void Apply_Withdrawn_RemovesTheCallWithoutClosingTheCallback()
    {
        var state = Apply(Missed("A", 10));

        var withdrawn = CallbackReducer.Apply(state, Contact(PersonContactKind.Withdrawn, "A", 10), Now);

        withdrawn.Closed.Should().BeNull();
        withdrawn.State!.OpenSince.Should().BeNull();
        CallbackReducer.Apply(withdrawn.State, Contact(PersonContactKind.Withdrawn, "A", 10), Now).IsChange.Should().BeFalse();
    }

    [Fact]
    public void Apply_MoreCallsThanAreListed_CountsAllAndListsTheFirstAndTheNewest()
    {
        var state = Apply([.. Enumerable.Range(0, 60).Select(call => Missed($"{call}", call)), .. Enumerable.Range(0, 60).Select(call => Attempt($"a{call}", call))]);
        var repeated = Raise(Missed("5", 5), PersonContactKind.Unanswered).Invoke(state).State;

        var callback = repeated!.ToOpenCallback(1, Now)!;
        callback.Count.Should().Be(60);
        callback.Calls.Select(call => call.IdMessage).Should().Equal([.. Enumerable.Range(10, 50).Select(call => $"{call}").Prepend("0")]);
        callback.Attempts.Should().Be(50);
        Answered("X", 59).Invoke(repeated).Closed!.Count.Should().Be(60);
        Answered("X", 59).Invoke(repeated).State!.OmittedCalls.Should().Be(0);
    }

    [Fact]
    public void Apply_StateThatHasExpired_StartsAgain()
    {
        var state = Apply(Missed("A", 10));
        var later = Now.AddDays(14);

        state!.ToOpenCallback(1, later.AddTicks(-1)).Should().NotBeNull();
        state.ToOpenCallback(1, later).Should().BeNull();
        CallbackReducer.Apply(state, Contact(PersonContactKind.Unanswered, "B", 14 * 86_400), later).State!.Calls.Select(call => call.Call.IdMessage).Should().Equal("B");
        CallbackReducer.Apply(null, Contact(PersonContactKind.Unanswered, "A", 0), later).IsChange.Should().BeFalse("it is too old to be called back");
    }

    [Fact]
    public void Close_ByTheHost_ClosesAllAndIsIdempotent()
    {
        var state = Apply(Missed("A", 10), Missed("B", 20));

        var closed = Close(state, 20);
        var again = Close(closed.State, 20);

        closed.Closed.Should().BeEquivalentTo(new { How = CallbackClosing.Closed, By = "operator", Note = "reply in the chat", ClosedAt = At(20), Count = 2, ClosingCall = (CallKey?)null });
        (again.IsChange, again.Closed).Should().Be((false, null));
    }

    [Fact]
    public void Close_CalledAgainSince_LeavesTheCallbackOpen()
    {
        var state = Apply(Missed("A", 10), Missed("B", 20));

        var closed = Close(state, 19);

        (closed.IsChange, closed.Closed, closed.State).Should().Be((false, null, state));
    }

    [Fact]
    public void Close_BeforeTheNotificationOfTheCall_CoversIt()
    {
        var closed = Close(null, 15);

        closed.Closed.Should().BeNull();
        Describe(Missed("A", 10).Invoke(closed.State).State).Should().Be("answered 15:");
    }

    [Fact]
    public void Apply_AnsweredCallFarInTheFuture_HidesNoLaterCall()
    {
        var answered = Answered("A", 3600).Invoke(null);

        CallbackReducer.Apply(answered.State, Contact(PersonContactKind.Unanswered, "B", 120), Now.AddSeconds(120)).State!.OpenSince.Should().NotBeNull();
    }

    [Fact]
    public void Close_TimeInTheFuture_CountsAsNow()
    {
        var closed = Close(Apply(Missed("A", 10)), 86_400, now: 20);

        closed.Closed!.ClosedAt.Should().Be(At(20));
        closed.State!.AnsweredAt.Should().Be(At(20));
    }

    [Theory]
    [InlineData(CallOutcome.None, CallDirection.Incoming, null)]
    [InlineData(CallOutcome.Unknown, CallDirection.Incoming, null)]
    [InlineData(CallOutcome.Missed, CallDirection.Incoming, PersonContactKind.Unanswered)]
    [InlineData(CallOutcome.Dropped, CallDirection.Incoming, PersonContactKind.Unanswered)]
    [InlineData(CallOutcome.Answered, CallDirection.Incoming, PersonContactKind.Answered)]
    [InlineData(CallOutcome.Answered, CallDirection.Outgoing, PersonContactKind.CalledBack)]
    [InlineData(CallOutcome.NotAnswered, CallDirection.Outgoing, PersonContactKind.Attempt)]
    [InlineData(CallOutcome.Failed, CallDirection.Outgoing, PersonContactKind.Attempt)]
    public void FindContact_EachOutcome_HasItsMeaning(CallOutcome outcome, CallDirection direction, PersonContactKind? kind)
    {
        var call = new Call { Key = new(First, "A"), Caller = new() { ChatId = Client.ChatId }, Outcome = outcome, Direction = direction, OutcomeAt = outcome > CallOutcome.Unknown ? At(5) : null };

        CallbackReducer.FindContact(call, "acme").Should().Be(kind is { } expected ? Contact(expected, "A", 5) : null);
        CallbackReducer.FindContact(call with { Caller = new() { ChatId = ChatId.Parse("70000000101-1@g.us") } }, "acme").Should().BeNull();
        CallbackReducer.FindContact(call with { Caller = Caller.Anonymous }, "acme").Should().BeNull();
    }

    [Fact]
    public void FindChanges_OtherPerson_WithdrawsTheCallFromTheFirst()
    {
        var before = Contact(PersonContactKind.Unanswered, "A", 10);
        var after = before with { Person = new() { Account = "acme", ChatId = ChatId.Parse("70000000102@c.us") } };

        CallbackReducer.FindChanges(before, after).Should().Equal(before with { Kind = PersonContactKind.Withdrawn }, after);
        CallbackReducer.FindChanges(before, null).Should().Equal(before with { Kind = PersonContactKind.Withdrawn });
        CallbackReducer.FindChanges(before, before).Should().BeEmpty();
        CallbackReducer.FindChanges(null, null).Should().BeEmpty();
    }

    private static PersonState? Apply(params Change[] changes) => changes.Aggregate((PersonState?)null, static (state, change) => change.Invoke(state).State);

    private static PersonState? ApplyFacts(IEnumerable<(string Id, string Status, string? From, int Seconds, CallDirection Direction)> facts)
    {
        PersonState? person = null;
        var calls = new Dictionary<string, CallHistory>();
        foreach (var fact in facts)
        {
            var notification = new IncomingCallNotification
            {
                IdMessage = fact.Id,
                Instance = new() { IdInstance = First },
                RawStatus = fact.Status,
                From = fact.From is null ? null : ChatId.Parse(fact.From),
                Timestamp = At(fact.Seconds),
                Direction = fact.Direction,
            };
            var before = calls.GetValueOrDefault(fact.Id);
            var after = CallReducer.Accept(before, new() { Notification = notification, Decision = CallDecision.Handle(), ReceivedAt = Now });
            calls[fact.Id] = after.History;
            foreach (var contact in CallbackReducer.FindChanges(before is null ? null : CallbackReducer.FindContact(CallProjection.Project(before), "acme"), CallbackReducer.FindContact(after.Call, "acme")))
            {
                person = CallbackReducer.Apply(person, contact, Now).State;
            }
        }

        return person;
    }

    private static PersonTransition Close(PersonState? state, int at, int now = 60) => CallbackReducer.Close(state, Client, At(at), "operator", "reply in the chat", At(now));

    private static string Describe(PersonState? state) =>
        $"answered {(state!.AnsweredAt is { } at ? (at - Now).TotalSeconds : "-")}:{string.Concat(state.Calls.Select(call => $" {(call.IsAttempt ? "attempt " : "")}{call.Call.IdMessage}@{(call.At - Now).TotalSeconds}"))}";

    private static IEnumerable<T[]> Permute<T>(T[] items) => items.Length <= 1
        ? [items]
        : Enumerable.Range(0, items.Length).SelectMany(first => Permute<T>([.. items[..first], .. items[(first + 1)..]]).Select(rest => (T[])[items[first], .. rest]));

    private static Change Missed(string id, int at, long instance = First) => Of(Contact(PersonContactKind.Unanswered, id, at, instance));

    private static Change Attempt(string id, int at) => Of(Contact(PersonContactKind.Attempt, id, at));

    private static Change Answered(string id, int at) => Of(Contact(PersonContactKind.Answered, id, at));

    private static Change CalledBack(string id, int at) => Of(Contact(PersonContactKind.CalledBack, id, at));

    private static Change Of(PersonContact contact) => new(contact);

    private static Change Raise(Change change, PersonContactKind before) => new(change.Contact with { WasUnanswered = before == PersonContactKind.Unanswered });

    private static PersonContact Contact(PersonContactKind kind, string id, int at, long instance = First) => new() { Person = Client, Call = new(instance, id), Kind = kind, At = At(at) };

    private static DateTimeOffset At(int seconds) => Now.AddSeconds(seconds);

    private sealed record Change(PersonContact Contact)
    {
        public PersonTransition Invoke(PersonState? before) => CallbackReducer.Apply(before, Contact, Now);
    }
}
