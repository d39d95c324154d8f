using IncomingCalls.Sqlite.Tests.Hosting;

namespace IncomingCalls.Sqlite.Tests.Engine;

/// <summary>After an error of the disk or the file, the file is opened again. It may contain other states than those in memory.</summary>
public class ReopenedFileTests
{
    [Fact]
    public async Task AcceptAsync_FileWasOpenedAgain_ReadsTheCallFromTheFile()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        host.Recorder.BeforeRecording = static (_, _) => throw new CallEventRetryException(TimeSpan.FromHours(1));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM lanes WHERE waits_for = 1") == 1);

        folder.Execute("ALTER TABLE lanes RENAME TO renamed");
        var failing = async () => await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "B"));
        await failing.Should().ThrowAsync<CallInboxUnavailableException>();
        folder.Execute("ALTER TABLE renamed RENAME TO lanes");
        folder.Execute("UPDATE work SET state = CAST(json_set(state, '$.pendingEvents[0].deliveries[0].attempts', 5) AS BLOB)").Should().Be(1);
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("hungUp"));

        host.QueryNumber("SELECT state ->> '$.pendingEvents[0].deliveries[0].attempts' FROM work").Should().Be(5);
    }
}
