using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Calls;

/// <summary>What a call is at work on. Belongs to the turns of its grain.</summary>
/// <remarks>Nearly all calls in memory rest, and those have nothing here.</remarks>
/// <param name="grain">Kept in memory while there is work, and no longer; told when work ended, since there may be more.</param>
/// <param name="logger">For what should not happen.</param>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "Without a timer or a wait handle a source holds only memory, and Orleans may dispose of a grain before it has deactivated it.")]
internal sealed class CallTaskRunner(CallGrain grain, ILogger logger)
{
    private Dictionary<(CallTaskKind, string), Task>? _running;
    private CancellationTokenSource? _forceStop;
    private CancellationTokenSource? _draining;

    /// <summary>Whether nothing new is begun.</summary>
    public bool IsDraining => _draining is { IsCancellationRequested: true };

    /// <summary>Signalled from then on, for what need not be waited for.</summary>
    public CancellationToken DrainToken => (_draining ??= new()).Token;

    /// <summary>Begins work, unless it is under way.</summary>
    public void Start((CallTaskKind, string) what, Func<CancellationToken, Task> work)
    {
        _running ??= [];
        _forceStop ??= new();
        if (_running.ContainsKey(what))
        {
            return;
        }

        grain.KeepActive(Timeout.InfiniteTimeSpan);
        // Entered before it runs: it may end at once.
        var done = new TaskCompletionSource();
        _running[what] = done.Task;
        _ = RunAsync(what, work, done);
    }

    /// <summary>Begins nothing new, and waits for what is under way.</summary>
    /// <param name="cancellationToken">Signalled when there is no more time; then the rest is told to stop.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await (_draining ??= new()).CancelAsync();
        // Held here: what is under way may end, and let go of it, before this goes on.
        if ((_running, _forceStop) is not ({ } running, { } cut))
        {
            return;
        }

        var all = Task.WhenAll(running.Values);
        try
        {
            await all.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            logger.DrainCutShort(running.Count);
            await cut.CancelAsync();
        }
    }

    private async Task RunAsync((CallTaskKind, string) what, Func<CancellationToken, Task> work, TaskCompletionSource done)
    {
        try
        {
            await work(_forceStop!.Token);
        }
        catch (OperationCanceledException) when (IsDraining)
        {
            // Nothing is marked: whoever owns the call next finds it as it was.
        }
        catch (Exception e)
        {
            logger.WorkFailed(e);
        }

        _running!.Remove(what);
        if (_running.Count == 0)
        {
            _running = null;
            _forceStop = null;
            grain.KeepActive(TimeSpan.Zero);
        }

        done.SetResult();
        grain.ContinueWork();
    }
}

/// <summary>What a call may be at work on; one of each at a time, and one per handler.</summary>
internal enum CallTaskKind
{
    Attempt = 0,
    OutcomeTimeout,
    DeadLetterTransfer,
}
