using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Calls;

/// <summary>Runs the tasks of a call. Use it only in the turns of its grain.</summary>
/// <remarks>Nearly all calls in memory are idle; an idle call allocates nothing here.</remarks>
/// <param name="grain">The grain. Its deactivation is delayed while tasks run, and it continues its work when a task has ended.</param>
/// <param name="logger">The logger of unexpected failures.</param>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "Without a timer or a wait handle a source holds only memory, and Orleans may dispose a grain before its deactivation has ended.")]
internal sealed class CallTaskRunner(CallGrain grain, ILogger logger)
{
    private Dictionary<(CallTaskKind, string), Task>? _running;
    private CancellationTokenSource? _forceStop;
    private CancellationTokenSource? _draining;

    /// <summary>Gets whether no new tasks are started.</summary>
    public bool IsDraining => _draining is { IsCancellationRequested: true };

    /// <summary>Gets a token that is signaled when draining starts, for tasks that draining does not wait for.</summary>
    public CancellationToken DrainToken => (_draining ??= new()).Token;

    /// <summary>Starts a task, unless it is running.</summary>
    public void Start((CallTaskKind, string) key, Func<CancellationToken, Task> work)
    {
        _running ??= [];
        _forceStop ??= new();
        if (_running.ContainsKey(key))
        {
            return;
        }

        grain.KeepActive(Timeout.InfiniteTimeSpan);
        // Added before it runs, because it may complete synchronously.
        var done = new TaskCompletionSource();
        _running[key] = done.Task;
        _ = RunAsync(key, work, done);
    }

    /// <summary>Starts no new tasks and waits for the running ones.</summary>
    /// <param name="cancellationToken">The token that ends the wait; the tasks that still run are canceled then.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await (_draining ??= new()).CancelAsync();
        // Copied, because the running tasks may complete and clear the fields during the wait.
        if ((_running, _forceStop) is not ({ } running, { } forceStop))
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
            logger.DrainIncomplete(running.Count);
            await forceStop.CancelAsync();
        }
    }

    private async Task RunAsync((CallTaskKind, string) key, Func<CancellationToken, Task> work, TaskCompletionSource done)
    {
        try
        {
            await work(_forceStop!.Token);
        }
        catch (OperationCanceledException) when (IsDraining)
        {
            // Nothing is recorded: the next owner of the call finds the delivery unchanged.
        }
        catch (Exception e)
        {
            logger.BackgroundTaskFailed(e);
        }

        _running!.Remove(key);
        if (_running.Count == 0)
        {
            _running = null;
            _forceStop = null;
            _draining = IsDraining ? _draining : null;
            grain.KeepActive(TimeSpan.Zero);
        }

        done.SetResult();
        grain.ContinueWork();
    }
}

/// <summary>The kinds of tasks of a call. One of each kind runs at a time; of attempts, one per handler.</summary>
internal enum CallTaskKind
{
    Attempt = 0,
    OutcomeTimeout,
    DeadLetterTransfer,
    CallerName,
    Contacts,
}
