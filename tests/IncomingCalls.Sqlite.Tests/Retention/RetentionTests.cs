using IncomingCalls.Sqlite.Tests.Hosting;

namespace IncomingCalls.Sqlite.Tests.Retention;

public class RetentionTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task FinishedCall_AfterRetention_IsDeletedAndOthersStay()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        host.Recorder.BeforeRecording = (callEvent, _) => callEvent.Call.Key.IdMessage == "dead" ? throw new CallEventRejectedException("No.") : Task.CompletedTask;
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "old"));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "dead"));
        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 1 && host.QueryNumber("SELECT COUNT(*) FROM work") == 0);

        host.Clock.Advance(TimeSpan.FromDays(6.9));
        (await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "old"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "young"));
        host.Clock.Advance(TimeSpan.FromDays(0.2));

        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM calls WHERE id_message = 'old'") == 0, Tick);
        host.QueryNumber("SELECT COUNT(*) FROM calls WHERE id_message IN ('dead', 'young')").Should().Be(2);
    }

    [Fact]
    public async Task CallWithPendingDelivery_AfterRetention_IsRetained()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        host.Recorder.BeforeRecording = (callEvent, _) => callEvent.Call.Key.IdMessage == "stuck" ? throw new CallEventRetryException(TimeSpan.FromDays(30)) : Task.CompletedTask;
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "stuck"));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "done"));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM work") == 1);

        host.Clock.Advance(TimeSpan.FromDays(8));

        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM calls WHERE id_message = 'done'") == 0, Tick);
        host.QueryNumber("SELECT COUNT(*) FROM calls WHERE id_message = 'stuck'").Should().Be(1);
    }

    [Fact]
    public async Task ManyCalls_DeletedAndReplaced_FileDoesNotGrow()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        List<long> pages = [];
        for (var week = 0; week < 4; week++)
        {
            await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", $"{week}-{i}")).AsTask()));
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM work") == 0, Tick);
            pages.Add(host.QueryNumber("PRAGMA page_count"));
            host.Clock.Advance(TimeSpan.FromDays(8));
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM calls") == 0, Tick);
        }

        pages[^1].Should().BeLessThan((long)(pages[0] * 1.5), "pages of deleted calls should be reused: {0}", string.Join(", ", pages));
    }
}
