using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Tests.Fixtures;
using IncomingCalls.Sqlite.Tests.Hosting;

namespace IncomingCalls.Sqlite.Tests.Administration;

public class AdministrationLogTests
{
    [Fact]
    public async Task File_WithoutALog_GetsItWithTheFirstAction()
    {
        using var folder = new InboxFolder();
        FixtureInbox.CopyTo(FixtureInbox.Newest, folder.Path);
        folder.Execute("DROP TABLE administration_log");
        var tool = new SqliteInboxFile(folder.Path);

        (await tool.ListAdministrationLogAsync()).Should().BeEmpty("the file has no log");
        await tool.PurgeQuarantineAsync(performedBy: "operator");

        (await tool.ListAdministrationLogAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Id = 1L, Action = AdministrationAction.PurgeQuarantine, Count = 1, PerformedBy = "operator" });
        await using var host = await FixtureInbox.StartAsync(folder.Path, new());
        (await host.Administration.ListAdministrationLogAsync()).Should().ContainSingle("the host keeps the log");
    }

    [Fact]
    public async Task Action_LogIsFull_DeletesTheOldestEntry()
    {
        using var folder = new InboxFolder();
        FixtureInbox.CopyTo(FixtureInbox.Newest, folder.Path);
        var tool = new SqliteInboxFile(folder.Path);
        folder.Execute(
            $$"""
            WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {{AdministrationRequest.MaxLogEntries}})
            INSERT INTO administration_log (id, at, action, filter, count) SELECT i, 1790000000000, 'PurgeQuarantine', '{}', 1 FROM n
            """);

        await tool.PurgeQuarantineAsync();

        folder.Execute("UPDATE administration_log SET count = 2").Should().Be(AdministrationRequest.MaxLogEntries);
        folder.Execute("UPDATE administration_log SET count = 3 WHERE id = 1").Should().Be(0, "it was the oldest");
        (await tool.ListAdministrationLogAsync(limit: 1)).Single().Id.Should().Be(AdministrationRequest.MaxLogEntries + 1);
    }

    [Fact]
    public async Task List_EntryOfALaterVersion_IsRead()
    {
        using var folder = new InboxFolder();
        FixtureInbox.CopyTo(FixtureInbox.Newest, folder.Path);
        folder.Execute("""UPDATE administration_log SET action = 'ErasePerson', filter = '{"person":"later","kind":"Transferred","handler":"crm"}'""");

        var entry = (await new SqliteInboxFile(folder.Path).ListAdministrationLogAsync()).Single();

        entry.Should().BeEquivalentTo(new { Action = AdministrationAction.Unrecognized, Filter = new { Handler = "crm", Kind = CallEventKind.Unrecognized } });
    }

    [Fact]
    public async Task Purge_UnreadableDeadLetter_IsPossibleByWhatItsRowSays()
    {
        using var folder = new InboxFolder();
        FixtureInbox.CopyTo(FixtureInbox.Newest, folder.Path);
        folder.Execute("UPDATE dead_letters SET letter = x'7B7D20'");
        var tool = new SqliteInboxFile(folder.Path);

        (await FluentActions.Awaiting(() => tool.PurgeDeadLettersAsync(new InboxFilter { ErrorContains = "customer" }).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>())
            .WithMessage("*is damaged*");
        (await tool.PurgeDeadLettersAsync(new InboxFilter { IdInstance = 1101000001, Handler = "recorder" })).Should().Be(1);
    }
}
