using System.Diagnostics;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>A silo as a process of its own, and what became of it.</summary>
internal sealed class Silo(int node, HostProcess process, StoredCalls stored)
{
    private const int ExitCodeOfAbort = 128 + 6;

    private readonly List<Standstill> _pauses = [];
    private readonly Task<Standstill> _gone = LookWhenGoneAsync(process, stored);
    private bool _wasAskedToEnd;

    public int Node => node;

    public HostProcess Process => process;

    /// <summary>Where it listens, while it lives.</summary>
    public Uri? Address => !process.HasExited && process.Address is { IsCompletedSuccessfully: true, Result: { } address } ? address : null;

    /// <summary>Ends it without a word.</summary>
    public async Task<SiloLife> KillAsync()
    {
        process.Kill();
        return await EndAsync();
    }

    /// <summary>Asks it to end.</summary>
    public async Task<SiloLife> TerminateAsync()
    {
        _wasAskedToEnd = true;
        process.Terminate();
        return await EndAsync();
    }

    /// <summary>Lets it hang for a time.</summary>
    public async Task PauseAsync(TimeSpan duration, TimeProvider time)
    {
        process.Pause();
        // What it had sent before is still on its way.
        await Task.Delay(TimeSpan.FromMilliseconds(50), time);
        _pauses.Add(await LookAsync(stored));
        await Task.Delay(duration, time);
        process.Resume();
    }

    /// <summary>Waits until it has ended, and looks at what it left.</summary>
    public async Task<SiloLife> EndAsync()
    {
        var gone = await _gone;
        return new()
        {
            Process = process.Life,
            Node = node,
            Pauses = [.. _pauses],
            Gone = gone,
            End = process.IsKilled ? SiloEnd.Killed
                : _wasAskedToEnd && process.ExitCode == 0 ? SiloEnd.Terminated
                : process.ExitCode == ExitCodeOfAbort && _pauses.Count > 0 ? SiloEnd.Evicted
                : SiloEnd.Broken,
        };
    }

    /// <summary>At once, whoever ended it: what the storage owes a moment later, others may have done.</summary>
    private static async Task<Standstill> LookWhenGoneAsync(HostProcess process, StoredCalls stored)
    {
        await process.WaitAsync();
        return await LookAsync(stored);
    }

    private static async Task<Standstill> LookAsync(StoredCalls stored) => new(Stopwatch.GetTimestamp(), await stored.ReadOwedAsync());
}
