using IncomingCalls.CrashTests.Tests.Faults;

namespace IncomingCalls.CrashTests.Tests.Administration;

/// <summary>The tests are the operators' tool, and the host is another process.</summary>
public class AdministrationFromAnotherProcessTests
{
    /// <summary>The host looks twice a second. The rest is for a machine that is busy with other tests.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    [UnixFact]
    public async Task ReplayAndPurge_TwoOperatorsConcurrently_TakeEffectWithinSeconds()
    {
        await using var desk = await FaultEnvironment.StartAsync();
        await using var host = await desk.StartListeningAsync();
        var (one, other) = (new SqliteInboxFile(desk.InboxPath), new SqliteInboxFile(desk.InboxPath));
        var refused = await CreateDeadLetterAsync(desk, host, one);
        desk.Gateway.PolledInstance.Enqueue("{\"no\":\"type\"}");
        await desk.WaitUntilHandledAsync(host);
        var unreadable = (await one.ListQuarantineAsync()).Should().ContainSingle().Subject;

        var asked = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(new[] { one, other }.Select(tool => Task.Run(async () =>
        {
            await tool.ReplayDeadLettersAsync(refused.Id);
            await tool.ReplayQuarantineAsync(unreadable.Id);
        })));
        await FaultEnvironment.WaitUntilAsync(
            () => one.ListQuarantineAsync().AsTask().GetAwaiter().GetResult() is [var item] && item.Id != unreadable.Id
                && one.ListDeadLettersAsync().AsTask().GetAwaiter().GetResult() is [.., var letter] && letter.Id != refused.Id && letter.EventId == refused.EventId,
            () => $"it is tried again, refused again and as unreadable as before. {FaultEnvironment.FormatLog(host)}");
        TimeProvider.System.GetElapsedTime(asked).Should().BeLessThan(MaxDelay);
        var runs = EffectsFile.ReadAll(desk.Folder).Where(effect => effect.EventId == refused.EventId && effect.Handler == HandlerNames.Failing);
        runs.Should().HaveCountLessThanOrEqualTo(3, "once at first, and once for each operator at most");

        var purged = await Task.WhenAll(new[] { one, other }.Select(tool => Task.Run(async () => await tool.PurgeDeadLettersAsync() + await tool.PurgeQuarantineAsync())));
        purged.Sum().Should().BeGreaterThanOrEqualTo(2);
        (await other.GetStatisticsAsync()).Should().BeEquivalentTo(new { DeadLetters = 0L, Quarantined = 0L });
        host.Terminate();
        await host.WaitForExitAsync().WaitAsync(FaultEnvironment.WaitLimit);
        host.ExitCode.Should().Be(0);
    }

    /// <summary>Calls until the moody handler refuses an event, which is one of eight.</summary>
    private static async Task<DeadLetter> CreateDeadLetterAsync(FaultEnvironment desk, HostProcess host, SqliteInboxFile tool)
    {
        while (true)
        {
            desk.PlaceMissedCalls();
            await desk.WaitUntilHandledAsync(host);
            if (await tool.ListDeadLettersAsync() is [.., var letter])
            {
                return letter;
            }
        }
    }
}
