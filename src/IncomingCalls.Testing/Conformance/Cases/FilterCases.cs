using System.Text;
using IncomingCalls.Testing.Conformance.Harness;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about the filters of an operator: what does not match is neither listed nor changed.</summary>
internal static class FilterCases
{
    private static readonly byte[] NoInstance = "{ no json"u8.ToArray();
    private static readonly byte[] NoIdMessage = Encoding.UTF8.GetBytes("""{"typeWebhook":"incomingCall","instanceData":{"idInstance":1101000001},"status":"offer"}""");

    public static InboxConformanceCase[] All { get; } =
    [
        new("Filter_DeadLettersByEachProperty_ListsWhatMatches", ListDeadLettersAsync, isForDurable: true),
        new("Filter_DeadLettersInPages_ListsEachMatchOnce", PageDeadLettersAsync, isForDurable: true),
        new("Filter_ReplayDeadLetters_ReplaysOnlyWhatMatches", ReplayDeadLettersAsync, isForDurable: true),
        new("Filter_PurgeDeadLetters_PurgesOnlyWhatMatches", PurgeDeadLettersAsync, isForDurable: true),
        new("Filter_QuarantineByEachProperty_ListsWhatMatches", ListQuarantineAsync, isForDurable: true),
        new("Filter_ReplayAndPurgeQuarantine_ChangesOnlyWhatMatches", ChangeQuarantineAsync, isForDurable: true),
        new("Filter_QuarantineByHandler_IsRefused", RefuseAsync, isForDurable: true),
    ];

    private static async Task ListDeadLettersAsync(ConformanceHost host)
    {
        var between = await TestDeadLetters.CreateAsync(host).ConfigureAwait(false);
        var second = (await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Single(static letter => letter is { Handler: SecondHandler.Name, Call.IdMessage: "B" });

        await ExpectAsync(new(), "first A", "first B", "second A", "second B").ConfigureAwait(false);
        await ExpectAsync(new() { Id = second.Id }, "second B").ConfigureAwait(false);
        await ExpectAsync(new() { IdInstance = TestDeadLetters.OtherInstance }, "first B", "second B").ConfigureAwait(false);
        await ExpectAsync(new() { Account = "ACME" }, "first A", "second A").ConfigureAwait(false);
        await ExpectAsync(new() { Handler = FirstHandler.Name }, "first A", "first B").ConfigureAwait(false);
        await ExpectAsync(new() { Handler = "First" }).ConfigureAwait(false);
        await ExpectAsync(new() { Kind = CallEventKind.Answered }, "first B", "second B").ConfigureAwait(false);
        await ExpectAsync(new() { From = between }, "first B", "second B").ConfigureAwait(false);
        await ExpectAsync(new() { To = between }, "first A", "second A").ConfigureAwait(false);
        await ExpectAsync(new() { From = second.FailedAt, To = second.FailedAt }).ConfigureAwait(false);
        await ExpectAsync(new() { ErrorContains = "портал" }, "first B", "second B").ConfigureAwait(false);
        await ExpectAsync(new() { ErrorContains = "100%_" }, "first A", "second A").ConfigureAwait(false);
        await ExpectAsync(new() { Account = "acme", Handler = SecondHandler.Name, Kind = CallEventKind.Missed, To = between, ErrorContains = "customer" }, "second A").ConfigureAwait(false);
        await ExpectAsync(new() { Account = "acme", Kind = CallEventKind.Answered }).ConfigureAwait(false);

        async Task ExpectAsync(InboxFilter filter, params string[] expected) =>
            Expect.Equal(TestDeadLetters.Describe(await host.Administration.ListDeadLettersAsync(filter: filter).ConfigureAwait(false)), string.Join(" | ", expected), "The dead letters");
    }

    private static async Task PageDeadLettersAsync(ConformanceHost host)
    {
        await TestDeadLetters.CreateAsync(host).ConfigureAwait(false);
        var filter = new InboxFilter { Account = "acme" };

        var first = await host.Administration.ListDeadLettersAsync(limit: 1, filter: filter).ConfigureAwait(false);
        var second = await host.Administration.ListDeadLettersAsync(limit: 1, after: first[0].Id, filter: filter).ConfigureAwait(false);
        var last = await host.Administration.ListDeadLettersAsync(limit: 1, after: second[0].Id, filter: filter).ConfigureAwait(false);

        Expect.Equal(TestDeadLetters.Describe([.. first, .. second, .. last]), "first A | second A", "The dead letters of the pages");
    }

    private static async Task ReplayDeadLettersAsync(ConformanceHost host)
    {
        await TestDeadLetters.CreateAsync(host).ConfigureAwait(false);
        host.Recorder.HandlerBehavior = static (_, _, _) => Task.CompletedTask;

        Expect.Equal(await host.Administration.ReplayDeadLettersAsync(new InboxFilter { Handler = FirstHandler.Name, ErrorContains = "customer" }).ConfigureAwait(false), 1, "Replayed");
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
        Expect.Equal(await host.Administration.ReplayDeadLettersAsync(new InboxFilter { Account = "none" }).ConfigureAwait(false), 0, "Replayed of an unknown account");

        var rest = await host.Administration.ListDeadLettersAsync().ConfigureAwait(false);
        Expect.Equal(TestDeadLetters.Describe(rest), "first B | second A | second B", "The other dead letters");
        Expect.True(rest.All(static letter => !letter.IsReplayRequested), "the replay of the other dead letters is not requested");
        await host.StopAsync().ConfigureAwait(false);
        Expect.Entries(host.Recorder.Entries, "first Missed A");
    }

    private static async Task PurgeDeadLettersAsync(ConformanceHost host)
    {
        await TestDeadLetters.CreateAsync(host).ConfigureAwait(false);

        Expect.Equal(await host.Administration.PurgeDeadLettersAsync(new InboxFilter { Kind = CallEventKind.Missed, Handler = SecondHandler.Name }).ConfigureAwait(false), 1, "Purged");
        Expect.Equal(await host.Administration.PurgeDeadLettersAsync(new InboxFilter { ErrorContains = "timeout" }).ConfigureAwait(false), 0, "Purged of another error");

        Expect.Equal(TestDeadLetters.Describe(await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)), "first A | first B | second B", "The other dead letters");
        Expect.Equal(await host.Administration.PurgeDeadLettersAsync(new InboxFilter { IdInstance = TestDeadLetters.OtherInstance }).ConfigureAwait(false), 2, "Purged");
        Expect.Equal(TestDeadLetters.Describe(await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)), "first A", "The other dead letters");
    }

    private static async Task ListQuarantineAsync(ConformanceHost host)
    {
        var items = await QuarantineAsync(host).ConfigureAwait(false);

        await ExpectAsync(new(), 0, 1).ConfigureAwait(false);
        await ExpectAsync(new() { Id = items[1].Id }, 1).ConfigureAwait(false);
        await ExpectAsync(new() { IdInstance = TestNotifications.IdInstance }, 1).ConfigureAwait(false);
        await ExpectAsync(new() { From = items[1].ReceivedAt }, 1).ConfigureAwait(false);
        await ExpectAsync(new() { To = items[1].ReceivedAt }, 0).ConfigureAwait(false);
        await ExpectAsync(new() { ErrorContains = "notunderstood" }, 1).ConfigureAwait(false);
        await ExpectAsync(new() { ErrorContains = items[0].Explanation.ToUpperInvariant() }, 0).ConfigureAwait(false);
        await ExpectAsync(new() { ErrorContains = "notunderstood", To = items[1].ReceivedAt }).ConfigureAwait(false);

        async Task ExpectAsync(InboxFilter filter, params int[] expected) => Expect.Equal(
            string.Join(' ', (await host.Administration.ListQuarantineAsync(filter: filter).ConfigureAwait(false)).Select(static item => item.Id)),
            string.Join(' ', expected.Select(index => items[index].Id)),
            "The notifications");
    }

    private static async Task ChangeQuarantineAsync(ConformanceHost host)
    {
        var items = await QuarantineAsync(host).ConfigureAwait(false);

        Expect.Equal(await host.Administration.ReplayQuarantineAsync(new InboxFilter { ErrorContains = "NotUnderstood" }).ConfigureAwait(false), 1, "Replayed");
        await Expect.EventuallyAsync(
            async () => (await host.Administration.ListQuarantineAsync().ConfigureAwait(false)) is [var kept, var replayed] && kept.Id == items[0].Id && replayed.Id != items[1].Id,
            "only the notification that matches is replayed").ConfigureAwait(false);
        Expect.Equal(await host.Administration.PurgeQuarantineAsync(new InboxFilter { To = items[0].ReceivedAt }).ConfigureAwait(false), 0, "Purged");
        Expect.Equal(await host.Administration.PurgeQuarantineAsync(new InboxFilter { IdInstance = TestNotifications.IdInstance }).ConfigureAwait(false), 1, "Purged");
        var rest = await host.Administration.ListQuarantineAsync().ConfigureAwait(false);
        Expect.True(rest is [var last] && last.Id == items[0].Id && !last.IsReplayRequested, "the other notification is unchanged");
    }

    private static async Task RefuseAsync(ConformanceHost host)
    {
        await QuarantineAsync(host).ConfigureAwait(false);
        InboxFilter[] filters = [new() { Account = "acme" }, new() { Handler = FirstHandler.Name }, new() { Kind = CallEventKind.Missed }];
        foreach (var filter in filters)
        {
            await ExpectAsync(async () => await host.Administration.ListQuarantineAsync(filter: filter).ConfigureAwait(false)).ConfigureAwait(false);
            await ExpectAsync(async () => await host.Administration.ReplayQuarantineAsync(filter).ConfigureAwait(false)).ConfigureAwait(false);
            await ExpectAsync(async () => await host.Administration.PurgeQuarantineAsync(filter).ConfigureAwait(false)).ConfigureAwait(false);
        }

        Expect.Equal((await host.Administration.GetStatisticsAsync().ConfigureAwait(false)).Quarantined, 2, "Quarantined");

        static async Task ExpectAsync(Func<Task> action)
        {
            var isRefused = false;
            try
            {
                await action().ConfigureAwait(false);
            }
            catch (ArgumentException)
            {
                isRefused = true;
            }

            Expect.True(isRefused, "the quarantine has no account, handler or kind, so such a filter is refused");
        }
    }

    /// <summary>Quarantines a notification that names no instance, and then one that names one.</summary>
    private static async Task<IReadOnlyList<QuarantineItem>> QuarantineAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        await host.Intake.AcceptAsync(NoInstance).ConfigureAwait(false);
        await TestDeadLetters.WaitUntilLaterAsync((await host.Administration.ListQuarantineAsync().ConfigureAwait(false))[0].ReceivedAt).ConfigureAwait(false);
        await host.Intake.AcceptAsync(NoIdMessage).ConfigureAwait(false);
        return await host.Administration.ListQuarantineAsync().ConfigureAwait(false);
    }
}
