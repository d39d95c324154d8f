using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox;

/// <summary>Missing outcomes and calls of the own number, with a resolver that answers as a test says.</summary>
public class CallTransitionsOutcomeTests
{
    private static readonly ChatId Client = ChatId.Parse("70000000101@c.us");
    private static readonly ChatId Own = ChatId.Parse("70000000001@c.us");

    [Theory]
    [InlineData(false, 15)]
    [InlineData(true, 2)]
    public async Task Accept_Offer_IsAskedForWhenItsOutcomeIsDueOrItsCallerIsUnknown(bool isFromSelf, int minutes)
    {
        await using var host = await StartAsync(new(OutcomeResolution.None));

        var call = GetTransitions(host).Accept(null, Receive("offer", isFromSelf ? Own : Client)).State;

        call.OutcomeDueAt.Should().Be(TestHost.Now.AddMinutes(minutes));
        call.GetLanes()[0].WaitsFor.Should().Be(isFromSelf ? DeliveryWait.Journal : DeliveryWait.None);
        call.GetLanes()[0].DueAt.Should().Be(TestHost.Now.AddMinutes(isFromSelf ? 5 : 0));
    }

    [Fact]
    public async Task Accept_OwnNumberCallAndNoJournal_DoesNotWait()
    {
        await using var host = await StartAsync(new(OutcomeResolution.None) { IsCovering = false });

        var call = GetTransitions(host).Accept(null, Receive("offer", Own)).State;

        call.GetLanes()[0].WaitsFor.Should().Be(DeliveryWait.None);
        call.OutcomeDueAt.Should().Be(TestHost.Now.AddMinutes(15));
    }

    [Theory]
    [InlineData(CallTreatment.Record, DeliveryWait.Journal)]
    [InlineData(CallTreatment.Ignore, DeliveryWait.Journal)]
    [InlineData(CallTreatment.Alert, DeliveryWait.Journal)]
    public async Task Accept_OwnNumberCall_WaitsWithoutAlertWhateverTheOption(CallTreatment treatment, DeliveryWait expected)
    {
        await using var host = await StartAsync(new(OutcomeResolution.None), options => options.OwnNumberCalls = treatment, static calls => calls.AddOperatorNotifier<RecordingNotifier>("alerts"));

        var call = GetTransitions(host).Accept(null, Receive("offer", Own)).State;

        call.PendingEvents.Should().ContainSingle().Which.Deliveries.Should().ContainSingle().Which.WaitsFor.Should().Be(expected);
    }

    [Theory]
    [InlineData(CallTreatment.Record, 1)]
    [InlineData(CallTreatment.Ignore, 0)]
    public async Task ResolveOutcome_NoEntryUntilTheWaitEnds_OwnNumberCallIsTreatedAsTheOptionSays(CallTreatment treatment, int deliveries)
    {
        await using var host = await StartAsync(new(OutcomeResolution.None), options => options.OwnNumberCalls = treatment);
        var call = GetTransitions(host).Accept(null, Receive("offer", Own)).State;

        host.Clock.Advance(TimeSpan.FromMinutes(4));
        var resolved = await ResolveAsync(host, call);

        resolved.State.PendingCount.Should().Be(deliveries);
        resolved.State.OutcomeDueAt.Should().Be(TestHost.Now.AddMinutes(15), "the outcome is not late yet");
        resolved.NewEvent.Should().BeNull();
    }

    [Fact]
    public async Task ResolveOutcome_EntryOfTheClient_ReleasesWhatWaitsAndLooksUpTheName()
    {
        await using var host = await StartAsync(new(new() { Entry = CreateEntry(CallStatus.Missed) }));
        var transitions = GetTransitions(host);
        var offered = transitions.Accept(null, Receive("offer", Own)).State;
        var missed = transitions.Accept(offered, Receive("declined", Own)).State;

        host.Clock.Advance(TimeSpan.FromMinutes(2));
        var resolved = await ResolveAsync(host, missed);

        resolved.State.PendingEvents.SelectMany(static pending => pending.Deliveries).Should().HaveCount(2)
            .And.OnlyContain(delivery => delivery.WaitsFor == DeliveryWait.None && delivery.DueAt == host.Clock.GetUtcNow());
        resolved.State.OutcomeDueAt.Should().BeNull();
        resolved.HasNamedCaller.Should().BeTrue();
    }

    [Fact]
    public async Task ResolveOutcome_EntryOfAnOwnCall_RemovesWhatWaits()
    {
        await using var host = await StartAsync(new(new() { Entry = CreateEntry(CallStatus.HungUp) with { Direction = CallDirection.Outgoing } }));
        var call = GetTransitions(host).Accept(null, Receive("offer", Own)).State;

        var resolved = await ResolveAsync(host, call);

        resolved.State.IsFinished.Should().BeTrue("no handler asks for outgoing calls");
    }

    [Fact]
    public async Task Accept_OutgoingNotificationOfAnOwnNumberCall_RemovesWhatWaits()
    {
        await using var host = await StartAsync(new(OutcomeResolution.None));
        var transitions = GetTransitions(host);
        var call = transitions.Accept(transitions.Accept(null, Receive("offer", Own)).State, Receive("missed", Own)).State;

        var outgoing = transitions.Accept(call, Receive("hungUp", Client, direction: CallDirection.Outgoing));

        outgoing.State.PendingCount.Should().Be(0, "the gateway has told that it is an own call");
    }

    [Theory]
    [InlineData(CallTreatment.Record, 1)]
    [InlineData(CallTreatment.Ignore, 0)]
    public async Task ResolveOutcome_JournalIsNotAvailable_WaitEndsAtOnce(CallTreatment treatment, int deliveries)
    {
        var resolver = new ScriptedResolver(OutcomeResolution.None);
        await using var host = await StartAsync(resolver, options => options.OwnNumberCalls = treatment);
        var call = GetTransitions(host).Accept(null, Receive("offer", Own)).State;

        resolver.IsCovering = false;
        var resolved = await ResolveAsync(host, call);

        resolved.State.PendingCount.Should().Be(deliveries);
        resolved.State.GetLanes().Should().NotContain(static lane => lane.WaitsFor == DeliveryWait.Journal);
    }

    [Fact]
    public async Task ResolveOutcome_InboxOfTheResolverIsUnavailable_IsPostponed()
    {
        await using var host = await StartAsync(new(OutcomeResolution.None) { Failure = new CallInboxUnavailableException("Why.") });

        var resolved = await ResolveAsync(host, GetTransitions(host).Accept(null, Receive("offer", Client)).State);

        resolved.NewEvent.Should().BeNull();
        resolved.State.OutcomeDueAt.Should().Be(TestHost.Now.AddMinutes(1));
    }

    [Fact]
    public async Task ResolveOutcome_TimeToAskAgainIsOver_IsLaterNevertheless()
    {
        await using var host = await StartAsync(new(new() { AskAgainAt = TestHost.Now.AddSeconds(-1), IsPostponed = true }));

        var resolved = await ResolveAsync(host, GetTransitions(host).Accept(null, Receive("offer", Client)).State);

        resolved.State.OutcomeDueAt.Should().Be(TestHost.Now.AddSeconds(10), "another node has another clock");
    }

    [Fact]
    public async Task ResolveOutcome_AskedAgainLater_EmitsUnknownOnce()
    {
        var later = TestHost.Now.AddMinutes(30);
        await using var host = await StartAsync(new(new() { AskAgainAt = later }));
        host.Clock.Advance(TimeSpan.FromMinutes(15));
        var call = GetTransitions(host).Accept(null, Receive("offer", Client, TestHost.Now)).State;

        var first = await ResolveAsync(host, call);
        var second = await ResolveAsync(host, first.State);

        first.NewEvent!.Event.Kind.Should().Be(CallEventKind.OutcomeUnknown);
        (first.State.OutcomeDueAt, second.State.OutcomeDueAt).Should().Be((later, later));
        second.NewEvent.Should().BeNull();
    }

    [Fact]
    public async Task Accept_OutcomeAfterUnknown_EndsTheQuestion()
    {
        await using var host = await StartAsync(new(new() { AskAgainAt = TestHost.Now.AddMinutes(30) }));
        var unknown = (await ResolveAsync(host, GetTransitions(host).Accept(null, Receive("offer", Client)).State)).State;

        GetTransitions(host).Accept(unknown, Receive("transferred", Client)).State.OutcomeDueAt.Should().NotBeNull("an unknown status is no outcome");
        GetTransitions(host).Accept(unknown, Receive("declined", Client)).State.OutcomeDueAt.Should().BeNull();
    }

    [Fact]
    public async Task ResolveOutcome_ResolverFails_IsUnknownAndAskedAgainInAnHour()
    {
        await using var host = await StartAsync(new(OutcomeResolution.None) { Failure = new InvalidOperationException("Why.") });
        var call = GetTransitions(host).Accept(null, Receive("offer", Client)).State;

        var resolved = await ResolveAsync(host, call);

        resolved.NewEvent!.Event.Kind.Should().Be(CallEventKind.OutcomeUnknown);
        resolved.State.OutcomeDueAt.Should().Be(TestHost.Now.AddHours(1));
    }

    [Fact]
    public async Task ResolveOutcome_EntryWithAnUnknownStatus_IsNoOutcome()
    {
        await using var host = await StartAsync(new(new() { Entry = CreateEntry(CallStatus.Unknown) }));

        var resolved = await ResolveAsync(host, GetTransitions(host).Accept(null, Receive("offer", Client)).State);

        resolved.NewEvent!.Event.Kind.Should().Be(CallEventKind.OutcomeUnknown);
    }

    [Fact]
    public async Task ResolveOutcome_ScenarioDiscards_CallIsUpdatedWithoutEvent()
    {
        await using var host = await StartAsync(new(new() { Entry = CreateEntry(CallStatus.PickUp) }), static options => options.Scenario = CallScenario.OfferOnly);

        var resolved = await ResolveAsync(host, GetTransitions(host).Accept(null, Receive("offer", Client)).State);

        resolved.NewEvent.Should().BeNull();
        resolved.State.OutcomeDueAt.Should().BeNull();
        resolved.EndedCall!.Outcome.Should().Be(CallOutcome.Answered);
    }

    [Theory]
    [InlineData("pickUp", CallDirection.Outgoing, true)]
    [InlineData("pickUp", CallDirection.Incoming, false)]
    public async Task Accept_EntryOfAnOwnCallWhoseOfferWasLost_IsNews(string status, CallDirection journal, bool isChange)
    {
        await using var host = await StartAsync(new(OutcomeResolution.None));
        var transitions = GetTransitions(host);
        var call = transitions.Accept(null, Receive(status, Own)).State;
        var entry = CreateEntry(CallStatus.PickUp) with { Direction = journal };

        var transition = transitions.Accept(call, new() { Notification = Receive(status, Own).Notification, JournalEntry = entry, Decision = CallDecision.Handle(), ReceivedAt = TestHost.Now });

        transition.IsChange.Should().Be(isChange);
    }

    [Fact]
    public async Task Replay_DeadLetterOfAnOutcomeOfTheJournal_RestoresTheCall()
    {
        await using var host = await StartAsync(new(new() { Entry = CreateEntry(CallStatus.PickUp) }));
        var transitions = GetTransitions(host);
        var resolved = await ResolveAsync(host, transitions.Accept(null, Receive("offer", Client)).State);
        var attempt = new DeliveryAttempt { PendingEvent = resolved.NewEvent!, Delivery = resolved.NewEvent!.Deliveries[0] };
        var letter = transitions.Settle(resolved.State, new() { Attempt = attempt, Outcome = AttemptOutcome.Rejected, Error = "Why." }).DeadLetter!;

        var restored = transitions.Replay(null, letter).State;

        restored.History.Facts.Should().ContainSingle().Which.IsFromJournal.Should().BeTrue();
    }

    private static Task<TestHost> StartAsync(ScriptedResolver resolver, Action<IncomingCallsOptions>? options = null, Action<IIncomingCallsBuilder>? configure = null) => TestHost.StartAsync(builder =>
    {
        builder.Services.AddSingleton<IMissingOutcomeResolver>(resolver);
        if (options is not null)
        {
            builder.Services.Configure(options);
        }

        builder.AddHandler<RecordingHandler>("handler");
        configure?.Invoke(builder);
    });

    private static CallTransitions GetTransitions(TestHost host) => host.Services.GetRequiredService<CallTransitions>();

    private static async Task<StateTransition> ResolveAsync(TestHost host, CallState call) =>
        GetTransitions(host).ResolveOutcome(call, await GetTransitions(host).AskForOutcomeAsync(call, CancellationToken.None));

    private static CallJournalEntry CreateEntry(CallStatus status) => new() { Status = status, ChatId = Client, EndedAt = TestHost.Now.AddSeconds(30) };

    private static ReceivedCallNotification Receive(string status, ChatId from, DateTimeOffset? at = null, CallDirection direction = CallDirection.Incoming) => new()
    {
        Notification = new()
        {
            IdMessage = "A",
            Instance = new() { IdInstance = 1101000001, Wid = Own },
            Direction = direction,
            RawStatus = status,
            From = from,
            Timestamp = at ?? TestHost.Now,
        },
        Decision = CallDecision.Handle(alertOperator: status == "offer"),
        ReceivedAt = at ?? TestHost.Now,
    };

    private sealed class ScriptedResolver(OutcomeResolution resolution) : IMissingOutcomeResolver
    {
        public bool IsCovering { get; set; } = true;

        public Exception? Failure { get; init; }

        public TimeSpan MinDelay => TimeSpan.FromMinutes(2);

        public bool Covers(long idInstance) => IsCovering;

        public ValueTask<OutcomeResolution> ResolveAsync(MissingOutcome missing, CancellationToken cancellationToken) =>
            Failure is null ? new(resolution) : throw Failure;
    }
}
