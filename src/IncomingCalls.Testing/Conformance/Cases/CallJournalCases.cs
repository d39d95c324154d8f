using IncomingCalls.Inbox;
using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about <see cref="IMissingOutcomeResolver"/>: what notifications do not report, the call journal does.</summary>
internal static class CallJournalCases
{
    private static readonly ChatId Client = ChatId.Parse("70000000101@c.us");

    public static InboxConformanceCase[] All { get; } =
    [
        new("CallJournal_HasTheOutcome_NoTimeoutEvent", HasTheOutcomeAsync),
        new("CallJournal_IsLate_ReplacesTheUnknownOutcomeOnce", IsLateAsync),
        new("CallJournal_CannotBeAsked_OutcomeIsNotUnknown", CannotBeAskedAsync),
        new("CallJournal_Restart_IsAskedAgain", RestartAsync, isForDurable: true),
        new("CallJournal_OwnNumberCallOfAClient_WaitsForTheCaller", ClientAsync, isForDurable: true),
        new("CallJournal_OwnCall_IsNotDelivered", OwnCallAsync, isForDurable: true),
        new("CallJournal_OwnNumberCallWithoutEntry_IsDeliveredWithoutCaller", NoEntryAsync, isForDurable: true),
        new("CallJournal_EntriesNobodyAskedFor_CreateACallOnceAndChangeNoAnnouncedOne", EntriesAsync, isForDurable: true),
    ];

    private static async Task HasTheOutcomeAsync(ConformanceHost host)
    {
        await StartAsync(host, static _ => new() { Entry = CreateEntry(CallStatus.Missed) }).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A", "first Missed A");
        Expect.Equal(host.Recorder.Events[^1].Call.OutcomeSource, CallSource.Journal, "The source of the outcome");
        Expect.Equal((await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false)).Outcome, IntakeOutcome.Tracked, "The outcome of the notification that confirms it");
    }

    private static async Task IsLateAsync(ConformanceHost host)
    {
        var asked = 0;
        await StartAsync(host, _ => Interlocked.Increment(ref asked) == 1 ? AskAgainSoon() : new() { Entry = CreateEntry(CallStatus.PickUp) }).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Answered A").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A", "first OutcomeUnknown A", "first Answered A");
        Expect.Equal(host.Recorder.Events[^1].PreviousOutcome, CallOutcome.Unknown, "The outcome before");
    }

    private static async Task CannotBeAskedAsync(ConformanceHost host)
    {
        var asked = 0;
        await StartAsync(host, _ => Interlocked.Increment(ref asked) < 3 ? AskAgainSoon() with { IsPostponed = true } : new() { Entry = CreateEntry(CallStatus.HungUp) }).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Dropped A").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A", "first Dropped A");
    }

    private static async Task RestartAsync(ConformanceHost host)
    {
        await StartAsync(host, static _ => AskAgainSoon()).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("offer")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first OutcomeUnknown A").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        await StartAsync(host, static _ => new() { Entry = CreateEntry(CallStatus.Missed) }).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A", "first OutcomeUnknown A", "first Missed A");
    }

    private static async Task ClientAsync(ConformanceHost host)
    {
        await StartAsync(host, static _ => new() { Entry = CreateEntry(CallStatus.Missed) }).ConfigureAwait(false);

        await host.DeliverAsync(CreateOwnNumberCall("offer")).ConfigureAwait(false);
        await host.DeliverAsync(CreateOwnNumberCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A", "first Missed A");
        Expect.True(host.Recorder.Events.All(static callEvent => callEvent.Caller.ChatId == Client), "the events have the caller that the journal names");
    }

    private static async Task OwnCallAsync(ConformanceHost host)
    {
        await host.StartAsync(
            static calls => Register(calls, static _ => new() { Entry = CreateEntry(CallStatus.HungUp) with { Direction = CallDirection.Outgoing } })
                .AddHandler<FirstHandler>(FirstHandler.Name)
                .AddHandler<SecondHandler>(static options => (options.Name, options.Directions) = (SecondHandler.Name, [CallDirection.Outgoing])),
            static options => options.OutcomeTimeout = TimeSpan.FromSeconds(1)).ConfigureAwait(false);

        await host.DeliverAsync(CreateOwnNumberCall("offer")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("second NotAnswered A").ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "B")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed B").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "second NotAnswered A", "first Missed B");
    }

    private static async Task NoEntryAsync(ConformanceHost host)
    {
        await StartAsync(host, static missing => missing.Call.Outcome == CallOutcome.None ? AskAgainSoon() : OutcomeResolution.None).ConfigureAwait(false);

        await host.DeliverAsync(CreateOwnNumberCall("offer")).ConfigureAwait(false);
        await host.DeliverAsync(CreateOwnNumberCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Offered A", "first Missed A");
        Expect.True(host.Recorder.Events.All(static callEvent => callEvent.Caller.ChatId is null), "nobody knows who called");
    }

    private static async Task EntriesAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        var journal = host.Services.GetRequiredService<CallJournalIntake>();

        Expect.Equal(await AcceptAsync("B", CallStatus.Missed, createsCall: false).ConfigureAwait(false), JournalAcceptance.Unknown, "The entry of a call that must not be created");
        Expect.Equal(await AcceptAsync("B", CallStatus.Missed, createsCall: true).ConfigureAwait(false), JournalAcceptance.Accepted, "The entry of a call that is created");
        Expect.Equal(await AcceptAsync("B", CallStatus.Missed, createsCall: true).ConfigureAwait(false), JournalAcceptance.Known, "The same entry again");
        Expect.Equal(await AcceptAsync("A", CallStatus.HungUp, createsCall: true).ConfigureAwait(false), JournalAcceptance.Known, "The entry of an announced call");
        await host.DeliverAsync(TestNotifications.CreateCall("missed", "B")).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("declined", "C")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed", 3).ConfigureAwait(false);

        Expect.Equal(string.Join(" | ", host.Recorder.Entries.Order(StringComparer.Ordinal)), "first Missed A | first Missed B | first Missed C", "The entries of the handler");
        Expect.Equal(host.Recorder.Events.Single(static callEvent => callEvent.Call.Key.IdMessage == "B").Notification, null, "The notification of the call that the journal has reported");

        ValueTask<JournalAcceptance> AcceptAsync(string id, CallStatus status, bool createsCall) =>
            journal.AcceptAsync(new(TestNotifications.IdInstance, id), CreateEntry(status), createsCall, CancellationToken.None);
    }

    private static Task StartAsync(ConformanceHost host, Func<MissingOutcome, OutcomeResolution> resolve) => host.StartAsync(
        calls => Register(calls, resolve).AddHandler<FirstHandler>(FirstHandler.Name), static options => options.OutcomeTimeout = TimeSpan.FromSeconds(1));

    private static IIncomingCallsBuilder Register(IIncomingCallsBuilder calls, Func<MissingOutcome, OutcomeResolution> resolve)
    {
        calls.Services.AddSingleton<IMissingOutcomeResolver>(new ScriptedResolver(resolve));
        return calls;
    }

    private static OutcomeResolution AskAgainSoon() => new() { AskAgainAt = TimeProvider.System.GetUtcNow().AddSeconds(0.5) };

    private static CallJournalEntry CreateEntry(CallStatus status) => new() { Status = status, ChatId = Client, EndedAt = TimeProvider.System.GetUtcNow() };

    private static IncomingCallNotification CreateOwnNumberCall(string status) => TestNotifications.CreateCall(status) with { From = ChatId.Parse("70000000001@c.us") };

    private sealed class ScriptedResolver(Func<MissingOutcome, OutcomeResolution> resolve) : IMissingOutcomeResolver
    {
        public TimeSpan MinDelay => TimeSpan.FromSeconds(0.2);

        public bool Covers(long idInstance) => true;

        public ValueTask<OutcomeResolution> ResolveAsync(MissingOutcome missing, CancellationToken cancellationToken) => new(resolve(missing));
    }
}
