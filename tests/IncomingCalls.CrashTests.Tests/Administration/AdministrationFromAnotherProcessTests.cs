using IncomingCalls.CrashTests.Tests.Faults;

namespace IncomingCalls.CrashTests.Tests.Administration;

/// <summary>Administration of an inbox file while the host runs in another process.</summary>
public class AdministrationFromAnotherProcessTests
{
    /// <summary>The host polls twice a second. The rest is a margin for a machine that is busy with other tests.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    [UnixFact]
    public async Task ReplayAndPurge_TwoOperatorsConcurrently_TakeEffectWithinSeconds()
    {
        await using var environment = await FaultEnvironment.StartAsync();
        await using var host = await environment.StartListeningAsync();
        var (firstTool, secondTool) = (new SqliteInboxFile(environment.InboxPath), new SqliteInboxFile(environment.InboxPath));
        var rejected = await CreateDeadLetterAsync(environment, host, firstTool);
        environment.Gateway.PolledInstance.Enqueue("{\"no\":\"type\"}");
        await environment.WaitUntilAcknowledgedAsync(host);
        var unreadable = (await firstTool.ListQuarantineAsync()).Should().ContainSingle().Subject;

        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(new[] { firstTool, secondTool }.Select(tool => Task.Run(async () =>
        {
            await tool.ReplayDeadLettersAsync(rejected.Id);
            await tool.ReplayQuarantineAsync(unreadable.Id);
        })));
        await FaultEnvironment.WaitUntilAsync(
            () => firstTool.ListQuarantineAsync().AsTask().GetAwaiter().GetResult() is [var item] && item.Id != unreadable.Id
                && firstTool.ListDeadLettersAsync().AsTask().GetAwaiter().GetResult() is [.., var letter] && letter.Id != rejected.Id && letter.EventId == rejected.EventId,
            () => $"the replayed dead letter should be rejected again, and the replayed item quarantined again. {FaultEnvironment.FormatLog(host)}");
        TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(MaxDelay);
        var runs = EffectsFile.ReadAll(environment.Folder).Where(effect => effect.EventId == rejected.EventId && effect.Handler == HandlerNames.Failing);
        runs.Should().HaveCountLessThanOrEqualTo(3, "the first attempt is followed by at most one replay of each operator");

        var purged = await Task.WhenAll(new[] { firstTool, secondTool }.Select(tool => Task.Run(async () => await tool.PurgeDeadLettersAsync() + await tool.PurgeQuarantineAsync())));
        purged.Sum().Should().BeGreaterThanOrEqualTo(2);
        (await secondTool.GetStatisticsAsync()).Should().BeEquivalentTo(new { DeadLetters = 0L, Quarantined = 0L });
        host.Terminate();
        await host.WaitForExitAsync().WaitAsync(FaultEnvironment.WaitLimit);
        host.ExitCode.Should().Be(0);
    }

    /// <summary>Places calls until the failing handler rejects an event, which it does with one of eight.</summary>
    private static async Task<DeadLetter> CreateDeadLetterAsync(FaultEnvironment environment, HostProcess host, SqliteInboxFile tool)
    {
        while (true)
        {
            environment.PlaceMissedCalls();
            await environment.WaitUntilAcknowledgedAsync(host);
            if (await tool.ListDeadLettersAsync() is [.., var letter])
            {
                return letter;
            }
        }
    }
}
