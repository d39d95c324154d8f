using System.Diagnostics;
using IncomingCalls.Inbox;
using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about the wait for the caller's name: only chat records wait, until the name is found or the wait is over.</summary>
internal static class CallerNameCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("CallerName_Found_RecordIsWrittenWithIt", RecordWaitsForNameAsync),
        new("CallerName_NotFoundInTime_RecordIsWrittenWithoutIt", RecordIsWrittenAtTheDeadlineAsync),
        new("CallerName_ManyUnknownCallers_AlertsAreRaisedAtOnce", AlertsDoNotWaitAsync),
        new("CallerNumber_OfLinkedIdFound_RecordIsWrittenWithIt", RecordWaitsForNumberAsync),
        new("OwnId_OfferFromIt_IsRecordedWithoutCallerAndAlert", OwnIdHasNoCallerAsync),
    ];

    private static async Task RecordWaitsForNameAsync(ConformanceHost host)
    {
        var found = new TaskCompletionSource();
        host.Recorder.NameLookup = async (_, _) =>
        {
            await found.Task.ConfigureAwait(false);
            return "Ivan";
        };
        await StartAsync(host).ConfigureAwait(false);

        var delivered = host.DeliverAsync(TestNotifications.CreateCall("declined"));
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
        Expect.Entries(host.Recorder.Entries, "first Missed A");

        found.SetResult();
        await host.Recorder.WaitForEntriesAsync("record MissedCall A").ConfigureAwait(false);
        await delivered.ConfigureAwait(false);

        Expect.Equal(host.Recorder.Records[0].Caller.Name, "Ivan", "The name in the record");
    }

    private static async Task RecordIsWrittenAtTheDeadlineAsync(ConformanceHost host)
    {
        var wait = TimeSpan.FromSeconds(1);
        host.Recorder.NameLookup = static async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            return null;
        };
        await StartAsync(host, options => options.CallerNameWait = wait).ConfigureAwait(false);

        var started = Stopwatch.GetTimestamp();
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("record MissedCall A").ConfigureAwait(false);

        // Stores round times to milliseconds.
        Expect.True(Stopwatch.GetElapsedTime(started) > wait - TimeSpan.FromMilliseconds(10), "the record waits for the name");
        Expect.Entries(host.Recorder.Entries, "first Missed A", "record MissedCall A");
        Expect.Equal(host.Recorder.Records[0].Caller.Name, null, "The name in the record");
    }

    private static async Task AlertsDoNotWaitAsync(ConformanceHost host)
    {
        const int calls = 100;
        var ended = new TaskCompletionSource();
        host.Recorder.NameLookup = async (_, _) =>
        {
            await ended.Task.ConfigureAwait(false);
            return null;
        };
        await host.StartAsync(
            static calls => calls.AddChatRecorder<RecordingChatRecorder>().AddOperatorNotifier<RecordingNotifier>().AddCallerNames<LookedUpNames>(),
            static options =>
            {
                options.MaxConcurrentAttemptsPerInstance = 2;
                // Longer than the case waits for the records, which must start when the lookups end.
                options.CallerNameWait = TimeSpan.FromMinutes(1);
            }).ConfigureAwait(false);

        var delivered = Enumerable.Range(0, calls)
            .Select(i => host.DeliverAsync(TestNotifications.CreateCall("offer", $"c{i}") with { From = ChatId.Parse($"7000000{1000 + i}@c.us") }))
            .ToArray();
        await host.Recorder.WaitForEntriesAsync("raise", calls).ConfigureAwait(false);
        Expect.Equal(host.Recorder.Records.Count, 0, "Records that were written before the last alert was raised");

        ended.SetResult();
        await Task.WhenAll(delivered).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("record IncomingCall", calls).ConfigureAwait(false);
    }

    private static async Task RecordWaitsForNumberAsync(ConformanceHost host)
    {
        var number = new TaskCompletionSource<string?>();
        await host.StartAsync(calls =>
        {
            calls.AddHandler<FirstHandler>(FirstHandler.Name).AddChatRecorder<RecordingChatRecorder>();
            calls.Services.AddSingleton<ICallerNumberResolver>(new LookedUpNumber(number.Task));
        }).ConfigureAwait(false);

        var delivered = host.DeliverAsync(TestNotifications.CreateCall("declined") with { From = LinkedId });
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
        Expect.Entries(host.Recorder.Entries, "first Missed A");

        number.SetResult("+70000000101");
        await host.Recorder.WaitForEntriesAsync("record MissedCall A").ConfigureAwait(false);
        await delivered.ConfigureAwait(false);

        var caller = host.Recorder.Records[0].Caller;
        Expect.Equal(caller.PhoneNumber, "+70000000101", "The phone number in the record");
        Expect.Equal(caller.ChatId, LinkedId, "The chat id in the record");
    }

    private static async Task OwnIdHasNoCallerAsync(ConformanceHost host)
    {
        await host.StartAsync(static calls =>
        {
            calls.AddChatRecorder<RecordingChatRecorder>().AddOperatorNotifier<RecordingNotifier>();
            calls.Services.AddSingleton<IOwnIdentities, OwnLinkedId>();
        }).ConfigureAwait(false);

        await host.DeliverAsync(TestNotifications.CreateCall("offer") with { From = LinkedId }).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("record IncomingCall A").ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "record IncomingCall A");
        Expect.Equal(host.Recorder.Records[0].Caller, Caller.Anonymous, "The caller in the record");
        Expect.Equal(host.Recorder.Records[0].Call.Anomalies, CallAnomalies.FromSelf, "The anomalies of the call");
    }

    private static ChatId LinkedId { get; } = ChatId.Parse("100000000000001@lid");

    private static Task StartAsync(ConformanceHost host, Action<IncomingCallsOptions>? options = null) => host.StartAsync(
        static calls => calls.AddHandler<FirstHandler>(FirstHandler.Name).AddChatRecorder<RecordingChatRecorder>().AddCallerNames<LookedUpNames>(), options);

    /// <summary>Returns a number when the case knows it.</summary>
    private sealed class LookedUpNumber(Task<string?> number) : ICallerNumberResolver
    {
        public async ValueTask<CallerNumber?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) =>
            new() { PhoneNumber = await number.WaitAsync(cancellationToken).ConfigureAwait(false), CacheDuration = TimeSpan.FromDays(1) };
    }

    private sealed class OwnLinkedId : IOwnIdentities
    {
        public bool IsOwn(long idInstance, ChatId chatId) => chatId == LinkedId;
    }
}
