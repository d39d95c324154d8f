using IncomingCalls.Testing.Conformance.Harness;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about <see cref="ICallbacks"/> and <see cref="CallEventKind.CallbackClosed"/>.</summary>
internal static class CallbackCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("Callback_UnansweredCalls_OpenAndExtendOnePerPerson", OpenAsync),
        new("Callback_HandlerOfTheUnansweredCall_FindsIt", FindInHandlerAsync),
        new("Callback_CallWithoutPerson_OpensNone", WithoutPersonAsync),
        new("Callback_CallOlderThanTwoWeeks_OpensNone", OldCallAsync),
        new("Callback_CallAnsweredOnAnotherInstanceOfTheAccount_ClosesIt", AnsweredAsync),
        new("Callback_OutgoingCall_ClosesItOnlyIfAnswered", OutgoingAsync),
        new("Callback_AnsweredCallArrivesLate_ClosesOnlyTheCallsBeforeIt", LateAsync),
        new("Callback_ClosedByTheHost_HasItsTextsAndIsClosedOnce", CloseAsync),
        new("Callback_CalledAgainSince_IsNotClosedByTheHost", CloseTooEarlyAsync),
        new("Callback_Closed_ReachesOnlyHandlersThatAskForIt", KindsAsync),
        new("Callback_List_FiltersAndPages", ListAsync),
        new("Callback_OfManyPersons_IsListedOnceInPages", PagesAsync),
    ];

    private static async Task OpenAsync(ConformanceHost host)
    {
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        Expect.Equal(await TestCallbacks.FindAsync(host).ConfigureAwait(false), null, "The callback before the call");

        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await host.DeliverCallAsync("C", "declined", 10).ConfigureAwait(false);
        await host.DeliverCallAsync("B", "missed", 30, TestCallbacks.OtherInstance).ConfigureAwait(false);
        await host.DeliverCallAsync("B", "hungUp", 29, TestCallbacks.OtherInstance).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);

        var callback = await TestCallbacks.FindAsync(host).ConfigureAwait(false);
        Expect.Equal(callback!.Person, TestCallbacks.Client, "The person");
        Expect.Equal(callback.Count, 3, "The number of calls");
        Expect.Equal(TestCallbacks.Describe(callback.Calls), "A B C", "The calls, oldest first");
        Expect.Equal(string.Join(' ', callback.IdInstances), $"{TestNotifications.IdInstance} {TestCallbacks.OtherInstance}", "The instances");
        Expect.Equal(callback.Attempts, 0, "The attempts");
        Expect.True(callback.LastMissedAt - callback.FirstMissedAt is var span && span > TimeSpan.FromSeconds(25) && span < TimeSpan.FromSeconds(35), "the times are those of the first and the last call");
        Expect.True(callback.ExpiresAt > callback.LastMissedAt + TimeSpan.FromDays(13), "the callback is stored for 14 days");
        Expect.Equal((await host.GetCallbacks().ListAsync().ConfigureAwait(false)).Single().Id, callback.Id, "The callback in the list");
    }

    private static async Task FindInHandlerAsync(ConformanceHost host)
    {
        const int Calls = 10;
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        host.Recorder.HandlerBehavior = async (_, callEvent, cancellationToken) =>
        {
            var open = await host.GetCallbacks().FindAsync(callEvent.Person!, cancellationToken).ConfigureAwait(false);
            host.Recorder.Record($"{(open?.Calls.Contains(callEvent.Call.Key) == true ? "found" : "missing")} {callEvent.Call.Key.IdMessage}");
        };

        for (var call = 0; call < Calls; call++)
        {
            await host.DeliverCallAsync($"{call}", "missed", 40 - call).ConfigureAwait(false);
        }

        await host.Recorder.WaitForEntriesAsync("second Missed", Calls).ConfigureAwait(false);
        Expect.Equal(host.Recorder.EntriesOf("missing").Length, 0, "The events whose handler has not found the callback");
    }

    private static async Task WithoutPersonAsync(ConformanceHost host)
    {
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("missed", "A") with { From = null }).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("missed", "B") with { From = ChatId.Parse("70000000101-1600000000@g.us") }).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("offer", "C")).ConfigureAwait(false);

        Expect.Equal((await host.GetCallbacks().ListAsync().ConfigureAwait(false)).Count, 0, "The callbacks");

        // The offer names the caller after the outcome.
        await host.DeliverAsync(TestNotifications.CreateCall("offer", "A")).ConfigureAwait(false);
        Expect.Equal((await TestCallbacks.FindAsync(host).ConfigureAwait(false))?.Count, 1, "The calls once the caller is known");
    }

    private static async Task OldCallAsync(ConformanceHost host)
    {
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await host.DeliverAsync(TestNotifications.CreateCall("missed", "A", age: TimeSpan.FromDays(14))).ConfigureAwait(false);

        Expect.Equal(await TestCallbacks.FindAsync(host).ConfigureAwait(false), null, "The callback of a call of two weeks ago");
    }

    private static async Task AnsweredAsync(ConformanceHost host)
    {
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await host.DeliverCallAsync("B", "hungUp", 30).ConfigureAwait(false);
        await host.DeliverCallAsync("C", "pickUp", 20, TestCallbacks.OtherInstance).ConfigureAwait(false);
        await host.DeliverCallAsync("C", "pickUp", 20, TestCallbacks.OtherInstance).ConfigureAwait(false);

        var closed = await TestCallbacks.WaitForClosedAsync(host).ConfigureAwait(false);
        Expect.Equal(closed.Callback!.How, CallbackClosing.Answered, "How the callback was closed");
        Expect.Equal(TestCallbacks.Describe(closed.Callback.Calls), "A B", "The calls that it closes");
        Expect.Equal(closed.Callback.ClosingCall, new CallKey(TestCallbacks.OtherInstance, "C"), "The answered call");
        Expect.Equal(closed.Person, TestCallbacks.Client, "The person of the event");
        Expect.Equal(closed.Caller.ChatId, TestCallbacks.Client.ChatId, "The caller of the event");
        Expect.Equal(closed.Call.Outcome, CallOutcome.None, "The outcome of what is no call");
        Expect.True(closed.Id.StartsWith("callback/", StringComparison.Ordinal) && closed.Id.EndsWith($"/{TestNotifications.IdInstance}/A", StringComparison.Ordinal), "the id names the first call");
        Expect.True(!closed.Id.Contains("70000000101", StringComparison.Ordinal), "the id contains no phone number");
        Expect.Equal(await TestCallbacks.FindAsync(host).ConfigureAwait(false), null, "The callback after the answered call");
        Expect.Equal(host.Recorder.EntriesOf("first").Length, 1, "The events of the closing");
    }

    private static async Task OutgoingAsync(ConformanceHost host)
    {
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await host.DeliverOutgoingCallAsync("B", "hungUp", 30).ConfigureAwait(false);
        await host.DeliverOutgoingCallAsync("C", "invalid", 20).ConfigureAwait(false);

        var open = await TestCallbacks.FindAsync(host).ConfigureAwait(false);
        Expect.Equal(open!.Attempts, 2, "The attempts");
        Expect.True(open.LastAttemptAt > open.LastMissedAt, "the last attempt is after the call");

        await host.DeliverOutgoingCallAsync("D", "pickUp", 10).ConfigureAwait(false);
        var closed = await TestCallbacks.WaitForClosedAsync(host).ConfigureAwait(false);
        Expect.Equal(closed.Callback!.How, CallbackClosing.CalledBack, "How the callback was closed");
        Expect.Equal(closed.Callback.Attempts, 2, "The attempts before");
        Expect.Equal(await TestCallbacks.FindAsync(host).ConfigureAwait(false), null, "The callback after the answered call");
    }

    private static async Task LateAsync(ConformanceHost host)
    {
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await host.DeliverCallAsync("D", "missed", 10).ConfigureAwait(false);
        await host.DeliverCallAsync("C", "pickUp", 20).ConfigureAwait(false);
        await host.DeliverCallAsync("B", "missed", 30).ConfigureAwait(false);

        var closed = await TestCallbacks.WaitForClosedAsync(host).ConfigureAwait(false);
        Expect.Equal(TestCallbacks.Describe(closed.Callback!.Calls), "A", "The calls that it closes");
        Expect.Equal(TestCallbacks.Describe((await TestCallbacks.FindAsync(host).ConfigureAwait(false))!.Calls), "D", "The calls that are still open");
    }

    private static async Task CloseAsync(ConformanceHost host)
    {
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        var at = TimeProvider.System.GetUtcNow();

        Expect.True(await host.GetCallbacks().CloseAsync(TestCallbacks.Client, "operator@desk", at, "reply in the chat").ConfigureAwait(false), "the first call closes the callback");
        Expect.True(!await host.GetCallbacks().CloseAsync(TestCallbacks.Client, "operator@desk", at, "reply in the chat").ConfigureAwait(false), "the second call closes nothing");

        var closed = (await TestCallbacks.WaitForClosedAsync(host).ConfigureAwait(false)).Callback!;
        Expect.Equal((closed.How, closed.By, closed.Note), (CallbackClosing.Closed, "operator@desk", "reply in the chat"), "How the callback was closed");
        Expect.Equal(closed.ClosingCall, null, "The answered call");
        Expect.Equal(await TestCallbacks.FindAsync(host).ConfigureAwait(false), null, "The callback after it was closed");

        await host.DeliverCallAsync("B", "missed", 30).ConfigureAwait(false);
        Expect.Equal(await TestCallbacks.FindAsync(host).ConfigureAwait(false), null, "The callback of a late notification of an earlier call");
        Expect.Equal(host.Recorder.EntriesOf("first").Length, 1, "The events of the closing");
    }

    private static async Task CloseTooEarlyAsync(ConformanceHost host)
    {
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await host.DeliverCallAsync("B", "missed", 10).ConfigureAwait(false);

        var isClosed = await host.GetCallbacks().CloseAsync(TestCallbacks.Client, by: null, TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(20)).ConfigureAwait(false);

        Expect.True(!isClosed, "the person has called again since");
        Expect.Equal((await TestCallbacks.FindAsync(host).ConfigureAwait(false))?.Count, 2, "The open calls");
    }

    private static async Task KindsAsync(ConformanceHost host)
    {
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await host.DeliverCallAsync("B", "pickUp", 20).ConfigureAwait(false);
        await TestCallbacks.WaitForClosedAsync(host).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("second", 2).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("record", 2).ConfigureAwait(false);

        Expect.Equal(string.Join(" | ", host.Recorder.EntriesOf("second").Order(StringComparer.Ordinal)), "Answered B | Missed A", "The entries of the handler with the default kinds");
        Expect.Equal(host.Recorder.Records.Count, 2, "The chat records");
        Expect.True(host.Recorder.Entries.All(static entry => !entry.StartsWith("raise", StringComparison.Ordinal) && !entry.Contains("withdraw callback", StringComparison.Ordinal)), "nobody is alerted");
    }

    private static async Task ListAsync(ConformanceHost host)
    {
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        await DeliverOfAsync(host, "70000000102@c.us", "B", 20, TestNotifications.IdInstance).ConfigureAwait(false);
        await DeliverOfAsync(host, "70000000103@c.us", "C", 30, TestCallbacks.OtherInstance).ConfigureAwait(false);
        await DeliverOfAsync(host, "100000000000001@lid", "D", 10, TestNotifications.IdInstance).ConfigureAwait(false);
        await DeliverOfAsync(host, "70000000104@c.us", "E", 40, instance: 1101000003).ConfigureAwait(false);

        await ExpectAsync(host, "E C B D", null).ConfigureAwait(false);
        await ExpectAsync(host, "C B D", new() { Account = "acme" }).ConfigureAwait(false);
        await ExpectAsync(host, "B D", new() { IdInstance = TestNotifications.IdInstance }).ConfigureAwait(false);
        await ExpectAsync(host, "", new() { IdInstance = 1101000003, Account = "acme" }).ConfigureAwait(false);

        var first = await host.GetCallbacks().ListAsync(limit: 2).ConfigureAwait(false);
        await host.GetCallbacks().CloseAsync(first[1].Person, by: null, TimeProvider.System.GetUtcNow()).ConfigureAwait(false);
        await DeliverOfAsync(host, "70000000105@c.us", "F", 50, TestNotifications.IdInstance).ConfigureAwait(false);
        var second = await host.GetCallbacks().ListAsync(limit: 2, after: first[1]).ConfigureAwait(false);
        Expect.Equal(TestCallbacks.Describe([.. first.Concat(second).Select(static callback => callback.Calls[0])]), "E C B D", "The calls of both pages");
    }

    private static async Task PagesAsync(ConformanceHost host)
    {
        const int Persons = 25;
        await TestCallbacks.StartAsync(host).ConfigureAwait(false);
        var start = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1);
        for (var person = 0; person < Persons; person++)
        {
            var call = TestNotifications.CreateCall("missed", $"{person}", person % 3 == 0 ? TestCallbacks.OtherInstance : TestNotifications.IdInstance);
            // Half of them at the same time.
            await host.DeliverAsync(call with { From = ChatId.Parse($"700000002{person:D2}@c.us"), Timestamp = start.AddSeconds(person % 2) }).ConfigureAwait(false);
        }

        List<OpenCallback> all = [];
        IReadOnlyList<OpenCallback> page;
        do
        {
            page = await host.GetCallbacks().ListAsync(new() { IdInstance = TestNotifications.IdInstance }, limit: 4, after: all.LastOrDefault()).ConfigureAwait(false);
            all.AddRange(page);
        }
        while (page.Count == 4);
        Expect.Equal(all.Count, 16, "The callbacks of the instance");
        Expect.Equal(all.Select(static callback => callback.Person.Id).Distinct().Count(), 16, "Their persons");
    }

    private static async Task ExpectAsync(ConformanceHost host, string expected, OpenCallbackFilter? filter) =>
        Expect.Equal(TestCallbacks.Describe([.. (await host.GetCallbacks().ListAsync(filter).ConfigureAwait(false)).Select(static callback => callback.Calls[0])]), expected, "The callbacks of the filter");

    private static Task<IntakeResult> DeliverOfAsync(ConformanceHost host, string from, string id, int secondsAgo, long instance) =>
        host.DeliverAsync(TestNotifications.CreateCall("missed", id, instance, TimeSpan.FromSeconds(secondsAgo)) with { From = ChatId.Parse(from) });
}
