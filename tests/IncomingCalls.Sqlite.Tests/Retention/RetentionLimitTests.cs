using System.Text;
using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests.Retention;

public class RetentionLimitTests
{
    [Fact]
    public async Task Quarantine_MoreItemsThanTheLimit_RemovesTheOldestAndLogs()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path, options => options.MaxQuarantineItems = 3);

        for (var i = 0; i < 5; i++)
        {
            await host.Intake.AcceptAsync(Encoding.UTF8.GetBytes($"garbage {i}"));
        }

        var items = await host.Administration.ListQuarantineAsync();
        items.Should().HaveCount(3);
        Encoding.UTF8.GetString((await host.Administration.ReadQuarantinedAsync(items[0].Id))!.Value.Span).Should().Be("garbage 2");
        host.Logs.GetSnapshot().Count(record => record.Id.Id == 4008).Should().Be(2);
    }

    [Fact]
    public async Task Quarantine_MoreBytesThanTheLimit_RemovesTheOldest()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path, options => options.MaxQuarantineBytes = 1024 * 1024);

        for (var i = 0; i < 4; i++)
        {
            await host.Intake.AcceptAsync(new byte[400 * 1024]);
        }

        (await host.Administration.ListQuarantineAsync()).Should().HaveCount(2);
    }

    [Fact]
    public async Task DeadLetters_MoreThanTheLimit_RemovesTheOldestAndLogs()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path, options => options.MaxDeadLetters = 2);
        host.Recorder.BeforeRecording = (_, _) => throw new CallEventRejectedException("No.");
        for (var i = 0; i < 5; i++)
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", $"{i}"));
        }

        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == 5);
        host.Clock.Advance(TimeSpan.FromMinutes(11));

        await host.WaitUntilAsync(() => host.Logs.GetSnapshot().Any(record => record.Id.Id == 4009), TimeSpan.FromSeconds(1));
        host.QueryNumber("SELECT COUNT(*) FROM dead_letters").Should().Be(2);
    }

    [Fact]
    public async Task DeadLetters_OfOneInstanceAboveTheLimit_LeaveThoseOfAnother()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path, options => options.MaxDeadLetters = 2);
        host.Recorder.BeforeRecording = (_, _) => throw new CallEventRejectedException("No.");
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "other", instance: 1101000002));
        for (var i = 0; i < 4; i++)
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", $"{i}"));
        }

        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == 5);
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == 3, TimeSpan.FromSeconds(10));

        host.QueryNumber("SELECT COUNT(*) FROM dead_letters WHERE id_instance = 1101000002").Should().Be(1, "the limit holds for each instance");
    }

    [Fact]
    public async Task Quarantine_OfOneInstanceAboveTheLimit_LeavesThatOfAnother()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path, options => options.MaxQuarantineItems = 2);
        var inbox = host.Services.GetRequiredService<ICallInbox>();
        foreach (var instance in (long?[])[null, 1101000002, 1101000001, 1101000001, 1101000001])
        {
            await inbox.QuarantineAsync(
                new() { Reason = QuarantineReason.NotANotification, Explanation = "garbage", Utf8Json = "garbage"u8.ToArray(), ReceivedAt = SqliteHost.Now, IdInstance = instance },
                CancellationToken.None);
        }

        (await host.Administration.ListQuarantineAsync()).Select(static item => item.IdInstance).Should().Equal(null, 1101000002, 1101000001, 1101000001);
    }

    [Fact]
    public async Task Quarantine_LargeItemDisplacesThousands_RemovesThemInSeveralTransactionsAndLogsOnce()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path, options => options.MaxQuarantineBytes = 1024 * 1024);
        var inbox = host.Services.GetRequiredService<ICallInbox>();
        await Task.WhenAll(Enumerable.Range(0, 1_500).Select(_ => QuarantineAsync(length: 600)));

        await QuarantineAsync((1024 * 1024) - (10 * 600));
        var remaining = host.QueryNumber("SELECT COUNT(*) FROM quarantine");
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM quarantine") == 11, TimeSpan.FromMilliseconds(25));

        remaining.Should().Be(501, "one transaction deletes a thousand, so that the writer is not blocked");
        await host.WaitUntilAsync(() => host.Logs.GetSnapshot().Any(static record => record.Id.Id == 4008));
        host.Logs.GetSnapshot().Where(static record => record.Id.Id == 4008).Should().ContainSingle().Which.Message.Should().Contain("1490");
        host.QueryNumber("SELECT SUM(length) FROM quarantine").Should().Be(1024 * 1024, "the newest fit the limit exactly");

        Task QuarantineAsync(int length) => inbox.QuarantineAsync(
            new() { Reason = QuarantineReason.NotANotification, Explanation = "garbage", Utf8Json = new byte[length], ReceivedAt = SqliteHost.Now }, CancellationToken.None).AsTask();
    }

    [Fact]
    public async Task Quarantine_ItemAboveTheLimitOfBytes_IsStoredAlone()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path, options => options.MaxQuarantineBytes = 1024 * 1024);
        var inbox = host.Services.GetRequiredService<ICallInbox>();

        foreach (var length in (int[])[100, 2 * 1024 * 1024])
        {
            await inbox.QuarantineAsync(
                new() { Reason = QuarantineReason.NotANotification, Explanation = "garbage", Utf8Json = new byte[length], ReceivedAt = SqliteHost.Now }, CancellationToken.None);
        }

        host.QueryNumber("SELECT MIN(length) FROM quarantine").Should().Be(2 * 1024 * 1024, "the newest is never deleted");
    }

    [Fact]
    public async Task FailedItems_OlderThanTheirRetention_AreDeletedAndLogged()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        host.Recorder.BeforeRecording = (_, _) => throw new CallEventRejectedException("No.");
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await host.Intake.AcceptAsync("garbage"u8.ToArray());
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == 1);

        host.Clock.Advance(TimeSpan.FromDays(13));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM quarantine") == 0, TimeSpan.FromHours(1));
        host.QueryNumber("SELECT COUNT(*) FROM dead_letters").Should().Be(1, "dead letters are stored for 30 days");
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == 0, TimeSpan.FromHours(1));

        (host.Clock.GetUtcNow() - SqliteHost.Now).Should().BeGreaterThan(TimeSpan.FromDays(30));
        // What is committed is logged afterwards.
        await host.WaitUntilAsync(() => host.Logs.GetSnapshot().Count(static record => record.Id.Id == 4016) == 2);
    }

    [Fact]
    public async Task Commit_ManyConcurrentNotifications_AreCommittedInGroups()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        var commits = 0;
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "incoming_calls.inbox.commit.duration")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref commits));
        listener.Start();

        await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => Task.Run(() => host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", $"{i}")).AsTask())));
        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 2_000);

        commits.Should().BeInRange(1, 1_000);
    }

    [Fact]
    public async Task Clock_JumpsBackAnHour_LosesAndDuplicatesNothing()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"));
        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 1);

        host.Clock.AdjustTime(SqliteHost.Now.AddHours(-1));
        (await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("pickUp"));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer", "B"));

        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 3);
        host.Recorder.Events.Select(callEvent => $"{callEvent.Kind} {callEvent.Call.Key.IdMessage}").Should().BeEquivalentTo("Offered A", "Answered A", "Offered B");
    }

    [Fact]
    public async Task Backlog_LargerThanTheInstanceQuota_IsHandledCompletely()
    {
        using var folder = new InboxFolder();
        await using (var host = await SqliteHost.StartAsync(folder.Path))
        {
            host.Recorder.BeforeRecording = (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, host.Clock, cancellationToken);
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", $"{i}", instance: 1101000001 + (i % 3))).AsTask()));
            (await host.Administration.GetStatisticsAsync()).Depth.Should().Be(500);
            host.Recorder.BeforeRecording = static (_, _) => Task.CompletedTask;
            host.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().StopApplication();
            host.Clock.Advance(TimeSpan.FromSeconds(31));
        }

        await using var next = await SqliteHost.StartAsync(folder.Path);
        await next.WaitUntilAsync(() => next.QueryNumber("SELECT COUNT(*) FROM work") == 0, TimeSpan.FromSeconds(1));

        (await next.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = 0L });
    }
}
