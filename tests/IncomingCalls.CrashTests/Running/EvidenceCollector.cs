namespace IncomingCalls.CrashTests;

/// <summary>Reads what a gateway and the hosts of a folder have left behind.</summary>
internal static class EvidenceCollector
{
    private const int Page = 1000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until nothing is left to do, or the limit is over: then it is the checker that tells what was.</summary>
    public static async Task WaitUntilCompleteAsync(Gateway gateway, string folder, TimeSpan limit, TimeProvider time)
    {
        var file = new SqliteInboxFile(HostSettings.InboxIn(folder));
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(Look, time);
        while (time.GetElapsedTime(started) < limit)
        {
            if (gateway.Waiting == 0 && Checker.IsComplete(gateway.Sent(), EffectsFile.ReadAll(folder)) && (await file.GetStatisticsAsync()).Depth == 0)
            {
                return;
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>To be called when no host lives.</summary>
    public static async Task<Evidence> CollectAsync(Gateway gateway, Lives lives, string folder)
    {
        var file = new SqliteInboxFile(HostSettings.InboxIn(folder));
        return new()
        {
            Sent = gateway.Sent(),
            Effects = EffectsFile.ReadAll(folder),
            Lives = lives.Ended,
            DeadLetters = [.. (await file.ListDeadLettersAsync(Page)).Select(letter => (letter.EventId, letter.Handler))],
            Quarantined = [.. (await file.ListQuarantineAsync(Page)).Select(item => item.Sha256)],
        };
    }
}
