namespace IncomingCalls.CrashTests;

/// <summary>Reads what a gateway and the hosts of a folder have left behind.</summary>
internal static class EvidenceCollector
{
    private const int PageSize = 1000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until nothing is left to do, or the limit is over: then it is the checker that tells what was.</summary>
    public static async Task WaitUntilCompleteAsync(Gateway gateway, string folder, TimeSpan limit, TimeProvider time)
    {
        var file = new SqliteInboxFile(HostSettings.InboxPathIn(folder));
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval, time);
        while (time.GetElapsedTime(started) < limit)
        {
            if (gateway.WaitingCount == 0 && EvidenceChecker.IsComplete(gateway.GetSent(), EffectsFile.ReadAll(folder)) && (await file.GetStatisticsAsync()).Depth == 0)
            {
                return;
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>To be called when no host lives.</summary>
    public static async Task<Evidence> CollectAsync(Gateway gateway, HostRuns lives, string folder)
    {
        var file = new SqliteInboxFile(HostSettings.InboxPathIn(folder));
        return new()
        {
            Sent = gateway.GetSent(),
            Effects = EffectsFile.ReadAll(folder),
            Runs = lives.Ended,
            DeadLetters = [.. (await file.ListDeadLettersAsync(PageSize)).Select(letter => (letter.EventId, letter.Handler))],
            Quarantined = [.. (await file.ListQuarantineAsync(PageSize)).Select(item => item.Sha256)],
        };
    }
}
