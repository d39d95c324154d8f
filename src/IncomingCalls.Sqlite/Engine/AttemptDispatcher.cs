using System.Collections.Concurrent;
using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>Runs handlers on the thread pool, and gives their results to the writer.</summary>
internal sealed class CallTaskRunner(InboxServices services, InboxWriter writer, Func<ICallIntake> intake, TimeProvider time, ILogger logger)
    : IDisposable
{
    private readonly ConcurrentDictionary<long, bool> _replaying = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly InFlightTracker _inFlight = new();

    /// <summary>Starts an attempt.</summary>
    public void StartAttempt(ActiveCall call, DeliveryAttempt run) => Start(() => RunAttemptAsync(call, run));

    /// <summary>Starts to ask the policy about a missing outcome.</summary>
    public void ResolveOutcome(ActiveCall call) => Start(() =>
    {
        writer.Post(new OutcomeTimeoutOperation(call, services.DecideOutcomeUnknown(call.Key.IdInstance), services, this));
        return Task.CompletedTask;
    });

    /// <summary>Starts to fetch more of an instance's calls.</summary>
    public void LoadDue(long idInstance) => writer.Post(new LoadInstanceOperation(idInstance, time));

    /// <summary>Tries a write again in a moment: what a handler has done must be written, or it would do it twice.</summary>
    public void Retry(WriteOperation write) => PostLater(write, TimeSpan.FromSeconds(1));

    public void PostLater(WriteOperation write, TimeSpan wait) => _ = PostAsync(write, wait);

    /// <summary>Takes a notification of the quarantine in, once at a time. What is still unreadable comes back as a new item.</summary>
    public void ReplayQuarantined(long id, byte[] bytes)
    {
        if (_replaying.TryAdd(id, true))
        {
            Start(() => ReplayQuarantinedAsync(id, bytes));
        }
    }

    public void QuarantineReplayEnded(long id) => _replaying.TryRemove(id, out _);

    /// <summary>Waits for the handlers that are at work, then tells the rest to stop.</summary>
    /// <param name="cancellationToken">Signalled when the host can wait no longer.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var idle = _inFlight.WaitUntilIdleAsync();
        try
        {
            await idle.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            logger.DrainCutShort(_inFlight.Count);
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private void Start(Func<Task> work)
    {
        _inFlight.Begin();
        _ = Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // Nothing is marked: the next start finds it as it was.
            }
            catch (Exception e)
            {
                logger.WorkFailed(e);
            }
            finally
            {
                _inFlight.End();
            }
        });
    }

    private async Task PostAsync(WriteOperation write, TimeSpan wait)
    {
        await Task.Delay(wait, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // When the host stops it is tried once more, at once.
        writer.Post(write);
    }

    private async Task ReplayQuarantinedAsync(long id, byte[] bytes)
    {
        try
        {
            await intake().AcceptAsync(bytes, _stopping.Token).ConfigureAwait(false);
            writer.Post(new DeleteQuarantinedOperation(id, this));
        }
        catch
        {
            // Not kept: it stays where it is, and the next look at the file finds it again.
            QuarantineReplayEnded(id);
            throw;
        }
    }

    private async Task RunAttemptAsync(ActiveCall call, DeliveryAttempt run)
    {
        AttemptReport report;
        try
        {
            report = await services.RunAttemptAsync(() => call.Current, run, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stopping.IsCancellationRequested)
        {
            logger.WorkFailed(e);
            report = new() { Attempt = run, Outcome = AttemptOutcome.Failed, Error = e.GetType().Name };
        }

        writer.Post(new SettleOperation(call, report, services, this));
    }
}
