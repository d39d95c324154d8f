using IncomingCalls.Testing.Conformance.Harness;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about the administration log: who replayed or purged what.</summary>
internal static class AdministrationLogCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("AdministrationLog_EachAction_IsRecordedNewestFirst", RecordAsync, isForDurable: true),
        new("AdministrationLog_NothingMatched_IsNotRecorded", IgnoreAsync, isForDurable: true),
        new("AdministrationLog_Restart_IsRetained", RestartAsync, isForDurable: true),
        new("AdministrationLog_NameTooLong_IsRefused", RefuseAsync, isForDurable: true),
    ];

    private static async Task RecordAsync(ConformanceHost host)
    {
        var from = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        await TestDeadLetters.CreateAsync(host).ConfigureAwait(false);
        await host.Intake.AcceptAsync("{ no json"u8.ToArray()).ConfigureAwait(false);
        await host.Administration.PurgeDeadLettersAsync(new InboxFilter { IdInstance = TestDeadLetters.OtherInstance, Account = "globex", Kind = CallEventKind.Answered, From = from }, "operator@desk").ConfigureAwait(false);
        var letter = (await host.Administration.ListDeadLettersAsync().ConfigureAwait(false))[0];
        await host.Administration.ReplayDeadLettersAsync(letter.Id).ConfigureAwait(false);
        await host.Administration.ReplayQuarantineAsync(new InboxFilter { ErrorContains = "NotA" }, " ").ConfigureAwait(false);
        await Expect.EventuallyAsync(
            async () => await host.Administration.ListQuarantineAsync().ConfigureAwait(false) is [{ IsReplayRequested: false }], "the notification is replayed").ConfigureAwait(false);
        await host.Administration.PurgeQuarantineAsync(performedBy: "Оператор").ConfigureAwait(false);

        var entries = await host.Administration.ListAdministrationLogAsync().ConfigureAwait(false);
        Expect.Equal(
            string.Join(" | ", entries.Select(static entry => $"{entry.Action} {entry.Count} {entry.PerformedBy ?? "-"}")),
            "PurgeQuarantine 1 Оператор | ReplayQuarantine 1 - | ReplayDeadLetters 1 - | PurgeDeadLetters 2 operator@desk",
            "The entries");
        Expect.True(entries.Zip(entries.Skip(1)).All(static pair => pair.First.Id > pair.Second.Id && pair.First.At >= pair.Second.At), "the newest entry is the first");
        Expect.True(entries.All(entry => entry.At > from && entry.At < from.AddMinutes(5) && entry.At.Offset == TimeSpan.Zero), "an entry has the time of its action, in UTC");
        Expect.True(entries[0].Filter is { Id: null, IdInstance: null, ErrorContains: null }, "an action for all items has an empty filter");
        Expect.Equal(entries[1].Filter.ErrorContains, "NotA", "The text of the filter");
        Expect.Equal(entries[2].Filter.Id, letter.Id, "The id of the filter");
        Expect.True(
            entries[3].Filter is { IdInstance: TestDeadLetters.OtherInstance, Account: "globex", Kind: CallEventKind.Answered, To: null, Handler: null, Id: null } filter && filter.From == from,
            "an entry contains the filter of its action");
        Expect.Equal(
            string.Join(' ', (await host.Administration.ListAdministrationLogAsync(limit: 2).ConfigureAwait(false)).Select(static entry => entry.Id)),
            $"{entries[0].Id} {entries[1].Id}",
            "The newest two entries");
    }

    private static async Task IgnoreAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        Expect.Equal(await host.Administration.ReplayDeadLettersAsync().ConfigureAwait(false), 0, "Replayed");
        Expect.Equal(await host.Administration.PurgeDeadLettersAsync(7).ConfigureAwait(false), 0, "Purged");
        Expect.Equal(await host.Administration.ReplayQuarantineAsync(7).ConfigureAwait(false), 0, "Replayed");
        Expect.Equal(await host.Administration.PurgeQuarantineAsync(performedBy: "operator").ConfigureAwait(false), 0, "Purged");

        Expect.Equal((await host.Administration.ListAdministrationLogAsync().ConfigureAwait(false)).Count, 0, "Entries");
    }

    private static async Task RestartAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        await host.Intake.AcceptAsync("{ no json"u8.ToArray()).ConfigureAwait(false);
        await host.Administration.PurgeQuarantineAsync(performedBy: "operator").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);

        Expect.True(
            await host.Administration.ListAdministrationLogAsync().ConfigureAwait(false) is [{ Action: AdministrationAction.PurgeQuarantine, PerformedBy: "operator", Count: 1 }],
            "the entry is stored");
    }

    private static async Task RefuseAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        await host.Intake.AcceptAsync("{ no json"u8.ToArray()).ConfigureAwait(false);
        await host.Administration.ReplayQuarantineAsync(new InboxFilter { Id = 7 }, new string('x', 200)).ConfigureAwait(false);
        var isRefused = false;
        try
        {
            await host.Administration.PurgeQuarantineAsync(performedBy: new string('x', 201)).ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            isRefused = true;
        }

        Expect.True(isRefused, "a name of more than 200 characters is refused");
        Expect.Equal((await host.Administration.GetStatisticsAsync().ConfigureAwait(false)).Quarantined, 1, "Quarantined");
    }
}
