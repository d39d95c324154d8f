using System.Diagnostics;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>A silo as a process of its own, and what became of it.</summary>
internal sealed class Silo(int node, HostProcess process, ClusterStorageReader stored)
{
    private const int ExitCodeOfAbort = 128 + 6;

    /// <summary>Within this a silo that woke has read that it was declared dead, and ends; or it was not.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(8);

    private readonly List<SiloSnapshot> _pauses = [];
    private readonly Task<SiloSnapshot> _ended = TakeSnapshotAtEndAsync(process, stored);
    private bool _isTerminating;
    private long? _resumedAt;

    public int Node => node;

    public HostProcess Process => process;

    /// <summary>Where it listens, while it lives.</summary>
    public Uri? Address => !process.HasExited && process.Address is { IsCompletedSuccessfully: true, Result: { } address } ? address : null;

    /// <summary>
    /// Whether it may be disturbed: one that was killed before it knew that the others had declared it dead would prove nothing, and look as if
    /// it had worked beside its successor.
    /// </summary>
    public bool IsSettled => _resumedAt is not { } resumed || Stopwatch.GetElapsedTime(resumed) > SettleTime;

    /// <summary>Ends it without a word.</summary>
    public async Task<SiloRun> KillAsync()
    {
        process.Kill();
        return await WaitForEndAsync();
    }

    /// <summary>Asks it to end.</summary>
    public async Task<SiloRun> TerminateAsync()
    {
        _isTerminating = true;
        process.Terminate();
        return await WaitForEndAsync();
    }

    /// <summary>Lets it hang for a time.</summary>
    public async Task PauseAsync(TimeSpan duration, TimeProvider time)
    {
        process.Pause();
        // What it had sent before is still on its way.
        await Task.Delay(TimeSpan.FromMilliseconds(50), time);
        _pauses.Add(await TakeSnapshotAsync(stored));
        await Task.Delay(duration, time);
        process.Resume();
        _resumedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Waits until it has ended, and looks at what it left.</summary>
    public async Task<SiloRun> WaitForEndAsync()
    {
        var gone = await _ended;
        return new()
        {
            Process = process.RunNumber,
            Node = node,
            Pauses = [.. _pauses],
            Ended = gone,
            EndKind = process.IsKilled ? SiloEnd.Killed
                : _isTerminating && process.ExitCode == 0 ? SiloEnd.Terminated
                : process.ExitCode == ExitCodeOfAbort && process.Log.Any(ReportsOwnDeath) ? SiloEnd.Evicted
                : SiloEnd.Broken,
        };
    }

    /// <summary>Orleans's own word: MembershipTableManager, "I have been told I am dead".</summary>
    private static bool ReportsOwnDeath(string line) => line.StartsWith("Error 100627 ", StringComparison.Ordinal);

    /// <summary>At once, whoever ended it: what the storage owes a moment later, others may have done.</summary>
    private static async Task<SiloSnapshot> TakeSnapshotAtEndAsync(HostProcess process, ClusterStorageReader stored)
    {
        await process.WaitForExitAsync();
        return await TakeSnapshotAsync(stored);
    }

    private static async Task<SiloSnapshot> TakeSnapshotAsync(ClusterStorageReader stored) => new(Stopwatch.GetTimestamp(), await stored.ReadPendingAsync());
}
