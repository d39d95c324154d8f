using System.Text;
using IncomingCalls.Sqlite.Tests.Hosting;

namespace IncomingCalls.Sqlite.Tests.Administration;

/// <summary>The administration tool opens the file of a running host.</summary>
public class ConcurrentAdministrationTests
{
    /// <summary>The interval in which the host polls its file.</summary>
    private static readonly TimeSpan LoadInterval = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Replay_HostRunning_IsHandledAtItsNextLoad()
    {
        using var folder = new InboxFolder();
        await using var host = await StartWithDeadLettersAsync(folder, calls: 1);
        var tool = new SqliteInboxFile(folder.Path);
        var letter = (await tool.ListDeadLettersAsync()).Should().ContainSingle().Subject;
        host.Recorder.BeforeRecording = static (_, _) => Task.CompletedTask;

        (await tool.ReplayDeadLettersAsync(letter.Id)).Should().Be(1);
        host.Clock.Advance(LoadInterval);

        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 1);
        host.Recorder.Events.Single().Id.Should().Be(letter.EventId);
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM work") == 0);
        (await tool.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = 0L });
    }

    [Fact]
    public async Task Read_FileOfAKilledHost_LeavesFileAndWalUnchanged()
    {
        using var folder = new InboxFolder();
        using var left = new InboxFolder();
        await using var host = await StartWithDeadLettersAsync(folder, calls: 3);
        foreach (var suffix in new[] { "", "-wal" })
        {
            File.Copy(folder.Path + suffix, left.Path + suffix);
        }

        var (file, log) = (await File.ReadAllBytesAsync(left.Path), await File.ReadAllBytesAsync($"{left.Path}-wal"));

        (await new SqliteInboxFile(left.Path).GetStatisticsAsync()).DeadLetters.Should().Be(3);

        (await File.ReadAllBytesAsync(left.Path)).Should().Equal(file);
        (await File.ReadAllBytesAsync($"{left.Path}-wal")).Should().Equal(log);
    }

    [Fact]
    public async Task Read_AfterTheHostStopped_LeavesNoWal()
    {
        using var folder = new InboxFolder();
        await (await StartWithDeadLettersAsync(folder, calls: 1)).DisposeAsync();

        (await new SqliteInboxFile(folder.Path).GetStatisticsAsync()).DeadLetters.Should().Be(1);

        File.Exists($"{folder.Path}-wal").Should().BeFalse();
    }

    [Fact]
    public async Task Replay_TwoOperatorsConcurrently_IsHandledOnce()
    {
        using var folder = new InboxFolder();
        await using var host = await StartWithDeadLettersAsync(folder, calls: 20);
        host.Recorder.BeforeRecording = static (_, _) => Task.CompletedTask;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await new SqliteInboxFile(folder.Path).ReplayDeadLettersAsync())));
        await host.WaitUntilAsync(() => host.Recorder.Events.Count == 20 && host.QueryNumber("SELECT COUNT(*) FROM work") == 0, LoadInterval);
        (await new SqliteInboxFile(folder.Path).ReplayDeadLettersAsync()).Should().Be(0, "nothing is left to replay");

        host.Recorder.Events.Select(callEvent => callEvent.Id).Should().OnlyHaveUniqueItems().And.HaveCount(20);
    }

    [Fact]
    public async Task ReplayAndPurge_Concurrently_OneWins()
    {
        using var folder = new InboxFolder();
        await using var host = await StartWithDeadLettersAsync(folder, calls: 20);
        host.Recorder.BeforeRecording = static (_, _) => Task.CompletedTask;
        var (one, other) = (new SqliteInboxFile(folder.Path), new SqliteInboxFile(folder.Path));
        var letters = await one.ListDeadLettersAsync();

        var replaying = Task.Run(async () => await SumAsync(letters, letter => one.ReplayDeadLettersAsync(letter.Id)));
        var purging = Task.Run(async () => await SumAsync(letters.Reverse(), letter => other.PurgeDeadLettersAsync(letter.Id)));
        var purged = await purging;
        await replaying;

        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") + host.QueryNumber("SELECT COUNT(*) FROM work") == 0, LoadInterval);
        host.Recorder.Events.Select(callEvent => callEvent.Id).Should().OnlyHaveUniqueItems().And.HaveCount(20 - purged);
    }

    [Fact]
    public async Task Purge_LetterWhoseReplayIsRequested_IsNotHandled()
    {
        using var folder = new InboxFolder();
        var tool = new SqliteInboxFile(folder.Path);
        await using (await StartWithDeadLettersAsync(folder, calls: 1))
        {
        }

        await tool.ReplayDeadLettersAsync();
        (await tool.ListDeadLettersAsync()).Should().ContainSingle().Which.IsReplayRequested.Should().BeTrue("no host is running that could replay it");
        await tool.PurgeDeadLettersAsync();

        await using var host = await SqliteHost.StartAsync(folder.Path);
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "later"));
        await host.WaitUntilAsync(() => host.Recorder.Events.Any(callEvent => callEvent.Call.Key.IdMessage == "later"), LoadInterval);
        host.Recorder.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Quarantine_HostRunning_IsListedReplayedAndPurged()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        var tool = new SqliteInboxFile(folder.Path);
        await host.Intake.AcceptAsync(Encoding.UTF8.GetBytes("garbage"));

        var item = (await tool.ListQuarantineAsync()).Should().ContainSingle().Subject;
        Encoding.UTF8.GetString((await tool.ReadQuarantinedAsync(item.Id))!.Value.Span).Should().Be("garbage");
        item.Should().BeEquivalentTo(new { Reason = "NotANotification", Length = 7, IsReplayRequested = false });

        (await tool.ReplayQuarantineAsync(item.Id)).Should().Be(1);
        (await tool.ReplayQuarantineAsync(item.Id)).Should().Be(1, "a second request is allowed");
        await host.WaitUntilAsync(() => host.QueryNumber($"SELECT COUNT(*) FROM quarantine WHERE id = {item.Id}") == 0, LoadInterval);
        (await tool.ListQuarantineAsync()).Should().ContainSingle("it is as unreadable as before").Which.Id.Should().NotBe(item.Id);

        (await tool.PurgeQuarantineAsync()).Should().Be(1);
        (await tool.ReadQuarantinedAsync(item.Id)).Should().BeNull();
        (await tool.GetStatisticsAsync()).Quarantined.Should().Be(0);
    }

    [Fact]
    public async Task List_PageByPage_IsCompleteAndOrdered()
    {
        using var folder = new InboxFolder();
        await using var host = await StartWithDeadLettersAsync(folder, calls: 5);
        var tool = new SqliteInboxFile(folder.Path);

        var first = await tool.ListDeadLettersAsync(limit: 3);
        var rest = await tool.ListDeadLettersAsync(limit: 3, after: first[^1].Id);

        first.Concat(rest).Select(letter => letter.Id).Should().HaveCount(5).And.BeInAscendingOrder();
        await FluentActions.Awaiting(() => tool.ListDeadLettersAsync(limit: 0).AsTask()).Should().ThrowAsync<ArgumentOutOfRangeException>();
        await FluentActions.Awaiting(() => tool.ListQuarantineAsync(limit: 1001).AsTask()).Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    [Fact]
    public async Task AnyOperation_FileMissing_ThrowsAndCreatesNoFile()
    {
        using var folder = new InboxFolder();
        var tool = new SqliteInboxFile(folder.Path);

        (await FluentActions.Awaiting(() => tool.GetStatisticsAsync().AsTask()).Should().ThrowAsync<CallInboxUnavailableException>()).WithMessage($"*{folder.Path}*");

        File.Exists(folder.Path).Should().BeFalse();
    }

    private static async Task<int> SumAsync(IEnumerable<DeadLetter> letters, Func<DeadLetter, ValueTask<int>> action)
    {
        var sum = 0;
        foreach (var letter in letters)
        {
            sum += await action(letter);
        }

        return sum;
    }

    private static async Task<SqliteHost> StartWithDeadLettersAsync(InboxFolder folder, int calls)
    {
        var host = await SqliteHost.StartAsync(folder.Path);
        host.Recorder.BeforeRecording = (_, _) => throw new CallEventRejectedException("No.");
        for (var i = 0; i < calls; i++)
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", $"{i}"));
        }

        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == calls);
        return host;
    }
}
