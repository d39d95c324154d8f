using System.Collections.Concurrent;
using IncomingCalls.Shared;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>
/// Passes quarantined notifications, whose replay an operator has requested, to the intake. A notification that is still unreadable becomes a new
/// quarantine item. Thread-safe.
/// </summary>
internal sealed class QuarantineReplayer(Func<ICallIntake> intake, SqliteCallStore store, ILogger logger) : IDisposable
{
    private readonly ConcurrentDictionary<long, bool> _replaying = new();
    private readonly InFlightTracker _inFlight = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Starts the replay of a notification, unless it is in progress already.</summary>
    public void Start(long id, byte[] bytes)
    {
        if (!_stopping.IsCancellationRequested && _replaying.TryAdd(id, true))
        {
            _inFlight.Begin();
            _ = Task.Run(() => ReplayAsync(id, bytes));
        }
    }

    /// <summary>Records that a replayed notification was deleted from the quarantine.</summary>
    public void OnDeleted(long id) => _replaying.TryRemove(id, out _);

    /// <summary>Starts no further replays, and waits for those in progress.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _inFlight.WaitUntilIdleAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task ReplayAsync(long id, byte[] bytes)
    {
        try
        {
            await intake().AcceptAsync(bytes, _stopping.Token).ConfigureAwait(false);
            store.Post(new DeleteQuarantinedOperation(id, store, this));
        }
        catch (Exception e)
        {
            // The item remains in the quarantine with its replay request; the next query for due work finds it again.
            OnDeleted(id);
            if (!_stopping.IsCancellationRequested)
            {
                logger.ReplayFailed(e);
            }
        }
        finally
        {
            _inFlight.End();
        }
    }
}
