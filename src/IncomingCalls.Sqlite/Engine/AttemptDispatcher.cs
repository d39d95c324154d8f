using System.Collections.Concurrent;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>Runs handlers on the thread pool, and posts their results to the writer.</summary>
internal sealed class AttemptDispatcher(InboxServices services, InboxWriter writer, Func<ICallIntake> intake, TimeProvider time, ILogger logger)
    : IDisposable
{
    private readonly ConcurrentDictionary<long, bool> _replaying = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly InFlightTracker _inFlight = new();

    /// <summary>Starts an attempt.</summary>
    public void StartAttempt(ActiveCall call, DeliveryAttempt attempt) => Start(() => RunAttemptAsync(call, attempt));

    /// <summary>Starts the evaluation of the policy for a call whose outcome did not arrive in time.</summary>
    public void ResolveOutcome(ActiveCall call) => Start(() =>
    {
        writer.Post(new OutcomeTimeoutOperation(call, services.DecideOutcomeUnknown(call.Key.IdInstance), services, this));
        return Task.CompletedTask;
    });

    /// <summary>Starts to load due calls of an instance.</summary>
    public void LoadDue(long idInstance) => writer.Post(new LoadInstanceOperation(idInstance, time));

    /// <summary>
    /// Posts an operation again after a second. The result of a finished attempt must be stored, or the handler would run again.
    /// </summary>
    public void Retry(WriteOperation operation) => PostLater(operation, TimeSpan.FromSeconds(1));

    /// <summary>Posts an operation after a delay, or at once when the host stops.</summary>
    public void PostLater(WriteOperation operation, TimeSpan delay) => _ = PostAsync(operation, delay);

    /// <summary>
    /// Passes a quarantined notification to the intake, unless its replay is in progress already. A notification that is still unreadable
    /// becomes a new quarantine item.
    /// </summary>
    public void ReplayQuarantined(long id, byte[] bytes)
    {
        if (_replaying.TryAdd(id, true))
        {
            Start(() => ReplayQuarantinedAsync(id, bytes));
        }
    }

    public void QuarantineReplayEnded(long id) => _replaying.TryRemove(id, out _);

    /// <summary>Waits until running attempts end, and cancels those that remain.</summary>
    /// <param name="cancellationToken">Ends the wait; signalled when the shutdown timeout of the host has elapsed.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var idle = _inFlight.WaitUntilIdleAsync();
        try
        {
            await idle.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            logger.DrainIncomplete(_inFlight.Count);
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
                // Nothing is stored: the next start finds the delivery unchanged and runs it again.
            }
            catch (Exception e)
            {
                logger.BackgroundTaskFailed(e);
            }
            finally
            {
                _inFlight.End();
            }
        });
    }

    private async Task PostAsync(WriteOperation operation, TimeSpan delay)
    {
        // The delay ends early when the host stops, so that the operation is tried once more before the file is closed.
        await Task.Delay(delay, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        writer.Post(operation);
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
            // The item remains in the quarantine with its replay request; the load loop finds it again.
            QuarantineReplayEnded(id);
            throw;
        }
    }

    private async Task RunAttemptAsync(ActiveCall call, DeliveryAttempt attempt)
    {
        AttemptReport report;
        try
        {
            report = await services.RunAttemptAsync(() => call.Current, attempt, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stopping.IsCancellationRequested)
        {
            logger.BackgroundTaskFailed(e);
            report = new() { Attempt = attempt, Outcome = AttemptOutcome.Failed, Error = e.GetType().Name };
        }

        writer.Post(new SettleOperation(call, report, services, this));
    }
}
