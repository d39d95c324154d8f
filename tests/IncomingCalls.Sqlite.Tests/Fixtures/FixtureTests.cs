using IncomingCalls.Sqlite.Tests.Hosting;

namespace IncomingCalls.Sqlite.Tests.Fixtures;

/// <summary>Inbox files that were written by this version and by released ones must be readable by every later version with the same schema version.</summary>
public class FixtureTests
{
    public static TheoryData<string> Readable => [.. FixtureInbox.Readable];

    [Fact]
    public async Task CurrentCode_WritesTheNewestFixture()
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "NewFixture"));
        Array.ForEach(folder.GetFiles(), static file => file.Delete());
        var path = Path.Combine(folder.FullName, "inbox.db");

        await FixtureInbox.CreateAsync(path);
        var dump = InboxDump.Create(path);
        await File.WriteAllTextAsync(Path.ChangeExtension(path, ".txt"), dump);

        dump.Should().Be(
            await ReadDumpAsync(FixtureInbox.Newest),
            "a change of the stored format needs another fixture: keep the committed ones, and add the files of {0} as Fixtures/README.md describes",
            folder.FullName);
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Fixture_IsAsDocumented(string name) => InboxDump.Create(FixtureInbox.GetPath(name)).Should().Be(await ReadDumpAsync(name));

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Start_Fixture_HandlesItsPendingWork(string name)
    {
        using var folder = new InboxFolder();
        FixtureInbox.CopyTo(name, folder.Path);
        var records = new FixtureRecords();

        await using var host = await FixtureInbox.StartAsync(folder.Path, records);
        (await host.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(
            new { Depth = 3L, WaitingForCallerName = 1L, WaitingForRetry = 2L, DeadLetters = 1L, Quarantined = 1L, WaitingSince = SqliteHost.Now });
        // The alert first: it is raised only while the call rings.
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.WaitUntilAsync(() => records.Alerts.Count == 1);
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM lanes") == 0, TimeSpan.FromSeconds(10));

        host.Recorder.Events.Select(static callEvent => (callEvent.Id, callEvent.Attempt, callEvent.Caller.Name)).Should().BeEquivalentTo(
        [
            ("1101000001/RINGING/OutcomeUnknown", 1, "Ivan"),
            ("1101000001/RETRY/Missed", 2, "Ivan"),
        ]);
        records.Chat.Should().ContainSingle().Which.Should().BeEquivalentTo(new { EventId = "1101000001/NAME/Missed", Caller = new { Name = (string?)null } });
        records.Alerts.Single().EventId.Should().Be("1101000001/RINGING/Offered");
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Start_Fixture_ReplaysItsDeadLetterAndRemembersItsCalls(string name)
    {
        using var folder = new InboxFolder();
        FixtureInbox.CopyTo(name, folder.Path);
        await using var host = await FixtureInbox.StartAsync(folder.Path, new());

        (await host.Administration.ReplayDeadLettersAsync()).Should().Be(1);
        await host.WaitUntilAsync(() => host.Recorder.Events.Any(static callEvent => callEvent.Id == "1101000001/DEAD/Missed"), TimeSpan.FromSeconds(1));
        var again = await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "FINISHED"));

        again.Outcome.Should().Be(IntakeOutcome.Duplicate);
        (await host.Administration.ReadQuarantinedAsync(1))!.Value.ToArray().Should().Equal("garbage"u8.ToArray());
    }

    private static Task<string> ReadDumpAsync(string name) => File.ReadAllTextAsync(Path.ChangeExtension(FixtureInbox.GetPath(name), ".txt"));
}
