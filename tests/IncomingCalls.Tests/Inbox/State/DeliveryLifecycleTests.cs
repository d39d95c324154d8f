using System.Globalization;
using IncomingCalls.Calls;
using IncomingCalls.Inbox;
using IncomingCalls.Inbox.State;

namespace IncomingCalls.Tests.Inbox.State;

/// <summary>
/// Explores every state that two events of a call for two handlers can reach, and compares each transition with a model of the four deliveries.
/// </summary>
public class DeliveryLifecycleTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1790000000);
    private static readonly DateTimeOffset Now = Start.AddMinutes(1);
    private static readonly CallTransition Offered = CallReducer.Accept(null, Receive("offer", 0));
    private static readonly CallTransition Answered = CallReducer.Accept(Offered.History, Receive("pickUp", 10));
    private static readonly StoredCallEvent[] Events = [Offered.Event!, Answered.Event!];

    private enum Status
    {
        NotAdded = 0,
        Pending,
        Done,
        DeadLetter,
    }

    [Theory]
    [InlineData(DeliveryWait.Retry, false, 4160)]
    [InlineData(DeliveryWait.Redelivery, false, 4160)]
    [InlineData(DeliveryWait.Retry, true, 600)]
    public void Transitions_EveryOrderAndRepetition_FollowTheModel(DeliveryWait retry, bool isNotifier, int reachable)
    {
        var attempts = CreateAttempts(retry);
        var initial = Model.Create(isNotifier);
        var states = new Dictionary<string, CallState> { [initial.ToString()] = AddEvent(null, 0, isNotifier).State };
        var open = new Queue<Model>([initial]);
        while (open.TryDequeue(out var model))
        {
            foreach (var next in Explore(attempts, model, states[model.ToString()]))
            {
                if (states.TryAdd(next.Model.ToString(), next.State))
                {
                    open.Enqueue(next.Model);
                }
            }
        }

        states.Should().HaveCount(reachable, "a smaller number means that the model has lost transitions");
    }

    [Fact]
    public void Settle_Success_EndsTheDeliveryWhateverItsAttempts()
    {
        var before = AddEvent(null, 0, isNotifier: false).State;
        var failed = Settle(before, 0, "b", 0, AttemptOutcome.Failed, DeliveryWait.Retry).State;

        // The result of an attempt whose failure was recorded as well, for example because it was abandoned and succeeded later.
        Settle(failed, 0, "b", 0, AttemptOutcome.Succeeded, null).State.PendingEvents.Should().ContainSingle().Which.Deliveries.Should().ContainSingle().Which.HandlerName.Should().Be("a");
    }

    [Fact]
    public void Replay_CallNoLongerStored_RestoresTheEventAndItsFact()
    {
        var letter = Settle(AddEvent(null, 0, isNotifier: false).State, 0, "a", 0, AttemptOutcome.Rejected, null).DeadLetter!;

        var restored = DeliveryLifecycle.Replay(null, letter, Now).State;

        restored.History.Facts.Should().ContainSingle().Which.Key.Should().Be("offer");
        restored.History.FirstReceivedAt.Should().Be(Offered.Event!.ReceivedAt);
        restored.GetLanes().Should().ContainSingle().Which.HandlerName.Should().Be("a");
    }

    private static IEnumerable<(Model Model, CallState State)> Explore(Attempt[] attempts, Model model, CallState state)
    {
        if (model.Deliveries[2].Status == Status.NotAdded)
        {
            var added = AddEvent(state, 1, model.IsNotifier);
            yield return (model.WithAnswered(), Check(model.WithAnswered(), added.State));
        }

        for (var delivery = 0; delivery < 4; delivery++)
        {
            foreach (var next in ExploreDelivery(attempts, model, state, delivery))
            {
                yield return next;
            }
        }

        var redelivered = DeliveryLifecycle.EndRetryWaits(state, Now);
        yield return (model.WithRedelivery(), Check(model.WithRedelivery(), redelivered));
        Check(model.WithRedelivery(), DeliveryLifecycle.EndRetryWaits(redelivered, Now));

        for (var index = 0; index < 2; index++)
        {
            var givenUp = DeliveryLifecycle.GiveUp(state, Events[index].Id);
            yield return (model.WithGivenUp(index), Check(model.WithGivenUp(index), givenUp));
            Check(model.WithGivenUp(index), DeliveryLifecycle.GiveUp(givenUp, Events[index].Id));
        }
    }

    private static IEnumerable<(Model Model, CallState State)> ExploreDelivery(Attempt[] attempts, Model model, CallState state, int delivery)
    {
        var current = model.Deliveries[delivery];
        var (index, handler) = Model.IdOf(delivery);
        for (var failures = 0; failures <= Model.MaxFailures; failures++)
        {
            var isCurrent = current.Status == Status.Pending && current.Attempts == failures;
            foreach (var attempt in attempts)
            {
                // A replay starts to count again, so what was reported before it could not be distinguished from what is reported after it; and the success of
                // an earlier attempt ends a delivery.
                var isUncertain = !isCurrent && current.Status == Status.Pending && (current.IsReplayed || attempt.Outcome == AttemptOutcome.Succeeded);
                if (isUncertain || (attempt.Retry is not null && failures == Model.MaxFailures))
                {
                    continue;
                }

                var expected = isCurrent ? model.With(delivery, attempt.Next(current)) : model;
                var settled = Settle(state, index, handler, failures, attempt.Outcome, attempt.Retry, current.IsNotifier);
                var isEnd = isCurrent && attempt is { Outcome: not AttemptOutcome.Succeeded, Retry: null };
                CheckEnd(settled, isEnd, current, failures + 1, attempt.Outcome);
                yield return (expected, Check(expected, settled.State));

                var again = Settle(settled.State, index, handler, failures, attempt.Outcome, attempt.Retry, current.IsNotifier);
                Check(expected, again.State);
                CheckEnd(again, isEnd: false, current, failures + 1, attempt.Outcome);
            }
        }

        if (current.Status == Status.DeadLetter)
        {
            var letter = new DeadLetterEntry { Event = Events[index], Handler = handler, Attempts = 1, Error = "", FailedAt = Start };
            var replayed = DeliveryLifecycle.Replay(state, letter, Now);
            var expected = model.With(delivery, new(Status.Pending, 0, DeliveryWait.None, Now, IsReplayed: true));
            Assert.True(replayed.IsChange);
            yield return (expected, Check(expected, replayed.State));

            var again = DeliveryLifecycle.Replay(replayed.State, letter, Now);
            Assert.False(again.IsChange);
            Check(expected, again.State);
        }
    }

    /// <summary>Creates the transitions of a delivery: the outcomes of an attempt, with what the rules of an inbox plan after a failure.</summary>
    private static Attempt[] CreateAttempts(DeliveryWait retry)
    {
        return
        [
            new(AttemptOutcome.Succeeded, null, static _ => new(Status.Done)),
            new(AttemptOutcome.Rejected, null, EndWithoutSuccess),
            new(AttemptOutcome.Failed, null, EndWithoutSuccess),
            new(AttemptOutcome.Failed, retry, model => model with { Attempts = model.Attempts + 1, WaitsFor = retry, DueAt = GetRetryTime(retry) }),
        ];

        static DeliveryModel EndWithoutSuccess(DeliveryModel model) => new(model.IsNotifier ? Status.Done : Status.DeadLetter);
    }

    private static DateTimeOffset GetRetryTime(DeliveryWait retry) => retry == DeliveryWait.Retry ? Start.AddMinutes(2) : DateTimeOffset.MaxValue;

    /// <summary>Compares a state with the model: the same deliveries, in order, each with its attempts and due time, and the first of each handler is the next.</summary>
    private static CallState Check(Model model, CallState state)
    {
        var actual = state.PendingEvents.SelectMany(pending => pending.Deliveries.Select(delivery => (Array.FindIndex(Events, e => e.Id == pending.Event.Id), delivery))).ToArray();
        var expected = Enumerable.Range(0, 4).Where(delivery => model.Deliveries[delivery].Status == Status.Pending).ToArray();
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(state.PendingEvents.All(pending => pending.Deliveries.Count > 0), "an event without pending deliveries is not pending");
        foreach (var delivery in expected)
        {
            var (index, handler) = Model.IdOf(delivery);
            var (_, found) = Assert.Single(actual, pending => pending.Item1 == index && pending.delivery.HandlerName == handler);
            var current = model.Deliveries[delivery];
            Assert.Equal((current.Attempts, current.WaitsFor, current.DueAt), (found.Attempts, found.WaitsFor, found.DueAt));
        }

        foreach (var lane in state.GetLanes())
        {
            var first = expected.First(delivery => Model.IdOf(delivery).Handler == lane.HandlerName);
            Assert.Equal(Events[Model.IdOf(first).Event].Id, lane.Next!.PendingEvent.Event.Id);
        }

        return state;
    }

    private static void CheckEnd(StateTransition transition, bool isEnd, DeliveryModel delivery, int attempts, AttemptOutcome outcome)
    {
        Assert.Equal(isEnd && !delivery.IsNotifier, transition.DeadLetter is not null);
        Assert.Equal(isEnd && delivery.IsNotifier && outcome == AttemptOutcome.Failed, transition.ExpiredAlert is not null);
        if (transition.DeadLetter is { } letter)
        {
            Assert.Equal((attempts, outcome == AttemptOutcome.Failed), (letter.Attempts, transition.IsGivenUp));
        }
    }

    private static StateTransition AddEvent(CallState? before, int index, bool isNotifier)
    {
        var stored = Events[index];
        Delivery[] deliveries =
        [
            new() { HandlerName = "a", DueAt = stored.ReceivedAt, IsNotifier = isNotifier },
            new() { HandlerName = "b", DueAt = stored.ReceivedAt },
        ];
        return DeliveryLifecycle.Add(before, index == 0 ? Offered : Answered, new() { Event = stored, Deliveries = deliveries }, outcomeDueAt: null, stored.ReceivedAt);
    }

    private static StateTransition Settle(
        CallState state, int index, string handler, int attempts, AttemptOutcome outcome, DeliveryWait? retry, bool isNotifier = false)
    {
        var delivery = new Delivery { HandlerName = handler, Attempts = attempts, DueAt = Start, IsNotifier = isNotifier };
        var report = new AttemptReport { Attempt = new() { PendingEvent = new() { Event = Events[index], Deliveries = [delivery] }, Delivery = delivery }, Outcome = outcome, Error = "Why." };
        var plan = retry is not { } waitsFor ? null : new RetryPlan { DueAt = GetRetryTime(waitsFor), WaitsFor = waitsFor };
        return DeliveryLifecycle.Settle(state, report, plan, Now);
    }

    private static ReceivedCallNotification Receive(string status, int second) => new()
    {
        Notification = new()
        {
            IdMessage = "A",
            Instance = new() { IdInstance = 1101000001 },
            RawStatus = status,
            From = ChatId.Parse("70000000101@c.us"),
            Timestamp = Start.AddSeconds(second),
        },
        Decision = CallDecision.Handle(),
        ReceivedAt = Start.AddSeconds(second),
    };

    private sealed record Attempt(AttemptOutcome Outcome, DeliveryWait? Retry, Func<DeliveryModel, DeliveryModel> Next);

    private sealed record DeliveryModel(
        Status Status, int Attempts = 0, DeliveryWait WaitsFor = DeliveryWait.None, DateTimeOffset DueAt = default, bool IsReplayed = false, bool IsNotifier = false)
    {
        public DeliveryModel WithRedelivery() =>
            Status == Status.Pending && !IsNotifier && WaitsFor is DeliveryWait.Retry or DeliveryWait.Redelivery && DueAt > Now ? this with { DueAt = Now } : this;
    }

    /// <summary>The expected state: the deliveries of the first event to both handlers, and of the second event.</summary>
    private sealed record Model(DeliveryModel[] Deliveries, bool IsNotifier)
    {
        /// <summary>More failures would make more states of the same kind.</summary>
        public const int MaxFailures = 1;

        public static Model Create(bool isNotifier) => new(
            [
                new(Status.Pending, DueAt: Events[0].ReceivedAt, IsNotifier: isNotifier), new(Status.Pending, DueAt: Events[0].ReceivedAt),
                new(Status.NotAdded, IsNotifier: isNotifier), new(Status.NotAdded),
            ],
            isNotifier);

        public static (int Event, string Handler) IdOf(int delivery) => (delivery / 2, delivery % 2 == 0 ? "a" : "b");

        public Model With(int delivery, DeliveryModel next) =>
            this with { Deliveries = [.. Deliveries.Select((old, index) => index == delivery ? next with { IsNotifier = old.IsNotifier } : old)] };

        public Model WithAnswered()
        {
            var pending = new DeliveryModel(Status.Pending, DueAt: Events[1].ReceivedAt);
            return With(2, pending).With(3, pending);
        }

        public Model WithRedelivery() => this with { Deliveries = [.. Deliveries.Select(static delivery => delivery.WithRedelivery())] };

        public Model WithGivenUp(int index) => this with
        {
            Deliveries = [.. Deliveries.Select((delivery, number) => number / 2 == index && delivery is { Status: Status.Pending, IsNotifier: false } ? new(Status.Done) : delivery)],
        };

        public override string ToString() => string.Join(' ', Deliveries.Select(static delivery => string.Create(
            CultureInfo.InvariantCulture, $"{delivery.Status}/{delivery.Attempts}/{delivery.WaitsFor}/{delivery.DueAt.UtcTicks}/{delivery.IsReplayed}")));
    }
}
