using System.Diagnostics;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>A silo that runs as a separate process, and the record of its run.</summary>
internal sealed class Silo(int node, HostProcess process, ClusterStorageReader stored) : ClusterProcess(node, process)
{
    private const int ExitCodeOfAbort = 128 + 6;

    /// <summary>The time within which a resumed silo has read that it was declared dead, and exits.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(8);

    private readonly List<SiloSnapshot> _pauses = [];
    private readonly Task<SiloSnapshot> _ended = TakeSnapshotAtEndAsync(process, stored);
    private bool _isTerminating;
    private long? _resumedAt;

    /// <summary>
    /// Whether a fault may be injected: if a resumed silo were killed before it knows that it was declared dead, it would be taken for a killed
    /// member that worked at the same time as its successor.
    /// </summary>
    public bool IsSettled => _resumedAt is not { } resumed || Stopwatch.GetElapsedTime(resumed) > SettleTime;

    /// <summary>Kills the silo.</summary>
    public async Task<SiloRun> KillAsync()
    {
        Process.Kill();
        return await WaitForEndAsync();
    }

    /// <summary>Asks the silo to stop.</summary>
    public async Task<SiloRun> TerminateAsync()
    {
        _isTerminating = true;
        Process.Terminate();
        return await WaitForEndAsync();
    }

    /// <summary>Pauses the silo for a time.</summary>
    public async Task PauseAsync(TimeSpan duration, TimeProvider time)
    {
        Process.Pause();
        // Writes that the silo sent before the pause may still be in transit.
        await Task.Delay(TimeSpan.FromMilliseconds(50), time);
        _pauses.Add(await TakeSnapshotAsync(stored));
        await Task.Delay(duration, time);
        Process.Resume();
        _resumedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Waits until the silo has exited, and returns the record of its run.</summary>
    public async Task<SiloRun> WaitForEndAsync()
    {
        var ended = await _ended;
        return new()
        {
            Process = Process.RunNumber,
            Node = Node,
            Pauses = [.. _pauses],
            Ended = ended,
            EndKind = Process.IsKilled ? SiloEnd.Killed
                : _isTerminating && Process.ExitCode == 0 ? SiloEnd.Terminated
                : Process.ExitCode == ExitCodeOfAbort && Process.Log.Any(ReportsOwnDeath) ? SiloEnd.Evicted
                : SiloEnd.Broken,
        };
    }

    /// <summary>Recognizes the error that MembershipTableManager of Orleans logs: "I have been told I am dead".</summary>
    private static bool ReportsOwnDeath(string line) => line.StartsWith("Error 100627 ", StringComparison.Ordinal);

    /// <summary>Takes the snapshot as soon as the process has exited, since other silos change the pending deliveries from then on.</summary>
    private static async Task<SiloSnapshot> TakeSnapshotAtEndAsync(HostProcess ended, ClusterStorageReader stored)
    {
        await ended.WaitForExitAsync();
        return await TakeSnapshotAsync(stored);
    }

    private static async Task<SiloSnapshot> TakeSnapshotAsync(ClusterStorageReader stored) => new(Stopwatch.GetTimestamp(), await stored.ReadPendingAsync());
}
