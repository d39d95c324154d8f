using IncomingCalls.Sqlite.Tests.Fixtures;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Sqlite.Tests.Administration;

public class StatisticsTests
{
    [Fact]
    public async Task GetStatistics_HandlerRunning_IsReady()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        var go = new TaskCompletionSource();
        host.Recorder.BeforeRecording = (_, _) => go.Task;

        await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("pickUp"));

        (await host.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(
            new { Depth = 2L, Ready = 2L, WaitingForCallerName = 0L, WaitingForRetry = 0L, WaitingSince = SqliteHost.Now }, "a running delivery and the one behind it are the backlog");
        go.SetResult();
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM lanes") == 0);
        (await host.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, Ready = 0L, WaitingSince = (DateTimeOffset?)null });
    }

    [Fact]
    public async Task GetStatistics_OutcomeTimeoutOnly_IsNotPending()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);

        await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM lanes") == 1);

        (await host.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, Ready = 0L, WaitingForCallerName = 0L, WaitingForRetry = 0L, WaitingSince = (DateTimeOffset?)null });
    }

    [Fact]
    public async Task GetStatistics_DeliveriesWait_CountsThemUntilTheyAreDue()
    {
        using var folder = new InboxFolder();
        FixtureInbox.CopyTo(FixtureInbox.Newest, folder.Path);

        // No host handles what becomes due.
        (await new SqliteInboxFile(folder.Path, new FakeTimeProvider(SqliteHost.Now)).GetStatisticsAsync()).Should().BeEquivalentTo(
            new { Depth = 3L, Ready = 0L, WaitingForCallerName = 1L, WaitingForRetry = 2L });
        (await new SqliteInboxFile(folder.Path, new FakeTimeProvider(SqliteHost.Now.AddMinutes(1))).GetStatisticsAsync()).Should().BeEquivalentTo(
            new { Depth = 3L, Ready = 2L, WaitingForCallerName = 0L, WaitingForRetry = 1L }, "the chat record and the alert are due");
        (await new SqliteInboxFile(folder.Path, new FakeTimeProvider(SqliteHost.Now.AddHours(1))).GetStatisticsAsync()).Should().BeEquivalentTo(
            new { Depth = 3L, Ready = 3L, WaitingForCallerName = 0L, WaitingForRetry = 0L });
    }
}
