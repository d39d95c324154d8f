using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using IncomingCalls.Shared;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// The engine of a node: it accepts notifications, claims what it has accepted at once, and looks twice a second for what other nodes have left.
/// </summary>
internal sealed class InboxEngine : IDisposable
{
    /// <summary>How often a node looks for due work of any node, and so how late it may start when its node has died.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>The maximum number of attempts of one handler and instance on a node, so that one instance leaves connections to the others.</summary>
    private const int MaxPerLane = 4;

    private readonly InboxContext _context;
    private readonly CallStore _calls;
    private readonly DestinationAttempts _attempts;
    private readonly DeliveryScheduler _scheduler;
    private readonly DeliveryScheduler _alerts;
    private readonly DueWorkQuery _query;
    private readonly InstanceReceipts _receipts;
    private readonly ReplayRequests _replays;
    private readonly OutcomeQuestions _outcomes;
    private readonly NonOverlappingTask _resolving;
    private readonly NonOverlappingTask _replaying;
    private readonly NonOverlappingTask _lookingAgain;
    private readonly SemaphoreSlim _lookGate = new(1);
    private readonly NameWaits _nameWaits;
    private readonly InFlightTracker _inFlight = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _forceStop = new();
    private readonly string[] _handlers;
    private Task _looking = Task.CompletedTask;
    private bool _hasWarnedOfFormat;

    public InboxEngine(InboxContext context, InstanceReceipts receipts)
    {
        _context = context;
        _receipts = receipts;
        _calls = new(context);
        _attempts = new(context, new(context, (lane, until) => _scheduler!.Close(lane, until)));
        _replays = new(context, _calls, OnChanged);
        _outcomes = new(context, _calls, OnChanged);
        _resolving = new(ReportFailure);
        _replaying = new(ReportFailure);
        _lookingAgain = new(ReportFailure);
        _handlers = [.. context.Runner.HandlerNames];
        _scheduler = new(context.Options.MaxConcurrentAttempts, Math.Min(MaxPerLane, context.MaxConcurrentAttemptsPerInstance), _handlers.Length, context.Time, LookAgain, Start);
        // As many as there are connections: an alert that waits for one would fail instead of waiting its turn.
        _alerts = new(context.Database.Alerts.Size, context.Database.Alerts.Size, _handlers.Length, context.Time, LookAgain, Start);
        _nameWaits = new(context.Names, (deliveries, isSignalled) => Schedule(deliveries, isSignalled), _draining.Token);
        _query = new(context.Database.Schema, _handlers, context.Time);
    }

    /// <summary>Starts to look for due work.</summary>
    public void Start() => _looking = LookAsync();

    /// <summary>Accepts a notification.</summary>
    /// <exception cref="UnreadableCallException">The stored state of the call cannot be read.</exception>
    /// <exception cref="NpgsqlException">The notification was not stored, or it is not known whether it was.</exception>
    public async Task<IntakeResult> AcceptAsync(ReceivedCallNotification received)
    {
        var change = await _calls.AcceptAsync(received);
        _context.Health.ReportSuccess();
        OnChanged(change);
        return new() { Outcome = change.Transition.Outcome };
    }

    /// <summary>Closes the callback of a person on behalf of the host; returns whether one was open.</summary>
    /// <exception cref="NpgsqlException">The callback was not closed, or it is not known whether it was.</exception>
    public async Task<bool> CloseCallbackAsync(CallbackCloseRequest request)
    {
        var change = await _calls.CloseCallbackAsync(request);
        _context.Health.ReportSuccess();
        foreach (var closing in change.Closings)
        {
            OnChanged(closing);
        }

        return change.IsClosed;
    }

    /// <summary>Starts no further attempts, and waits for the running ones.</summary>
    /// <param name="cancellationToken">Cancels the attempts that still run.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _draining.CancelAsync();
        // Ends the waits for a slot; the attempts are counted here.
        await _context.Runner.DrainAsync(cancellationToken);
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_resolving.Completion, _replaying.Completion, _lookingAgain.Completion).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _inFlight.WaitUntilIdleAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await _forceStop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAny(_inFlight.WaitUntilIdleAsync(), Task.Delay(TimeSpan.FromSeconds(2), _context.Time, CancellationToken.None));
        }
    }

    public void Dispose()
    {
        _scheduler.Dispose();
        _alerts.Dispose();
        _draining.Dispose();
        _forceStop.Dispose();
        _lookGate.Dispose();
    }

    /// <summary>Reports a committed change, and starts what it has made due.</summary>
    private void OnChanged(CallChange change)
    {
        _context.Transitions.ReportCommitted(change.Transition);
        var now = _context.Time.GetUtcNow();
        var waiting = change.Added.Where(static added => added.Delivery.WaitsFor == DeliveryWait.CallerName).Select(static added => added.Row).ToArray();
        // A replayed delivery may belong to a handler that only other nodes have.
        Schedule(change.Added.Where(added => added.Delivery.DueAt <= now && _handlers.Contains(added.Row.HandlerName)).Select(static added => added.Row));
        if (waiting.Length > 0)
        {
            _nameWaits.Add(change.Transition.State.History, waiting);
        }

        foreach (var closing in change.Closings)
        {
            OnChanged(closing);
        }
    }

    private void Schedule(IEnumerable<DueDelivery> deliveries, bool isSignalled = false, bool hasMore = false)
    {
        foreach (var group in _context.Pauses.SelectStartable(deliveries, _context.Time.GetUtcNow()).ToLookup(static delivery => delivery.IsNotifier))
        {
            (group.Key ? _alerts : _scheduler).Add(group, isSignalled, hasMore);
        }
    }

    private void Start(DueDelivery due, bool isSignalled)
    {
        _inFlight.Begin();
        // Without the execution context of the request, whose activity and values do not belong to the handler.
        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Engine.RunAsync(state.Due, state.IsSignalled), (Engine: this, Due: due, IsSignalled: isSignalled), preferLocal: false);
    }

    private async Task RunAsync(DueDelivery due, bool isSignalled)
    {
        AttemptEnd end = default;
        try
        {
            if (!_draining.IsCancellationRequested)
            {
                end = await _attempts.RunAsync(due, isSignalled, _draining.Token, _forceStop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops, or the connection of the claim was lost: the delivery is found again.
        }
        catch (Exception e)
        {
            ReportFailure(e);
        }
        finally
        {
            (due.IsNotifier ? _alerts : _scheduler).OnEnded(due, end);
            if (end.Next is { } next && !_draining.IsCancellationRequested)
            {
                Continue(next);
            }

            _inFlight.End();
        }
    }

    private void Continue(Successor next)
    {
        if (next.IsDue)
        {
            Schedule([next.Delivery]);
        }
        else
        {
            _nameWaits.Add(next.History, [next.Delivery]);
        }
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(LookInterval, _context.Time);
        do
        {
            try
            {
                await LookOnceAsync();
                _context.Health.ReportSuccess();
            }
            catch (Exception e)
            {
                ReportFailure(e);
            }
        }
        while (await timer.WaitForNextTickAsync(_draining.Token));
    }

    private void LookAgain()
    {
        if (!_draining.IsCancellationRequested)
        {
            _lookingAgain.Start(LookOnceAsync);
        }
    }

    private async Task LookOnceAsync()
    {
        await _lookGate.WaitAsync(_draining.Token);
        try
        {
            await LookInTurnAsync();
        }
        finally
        {
            _lookGate.Release();
        }
    }

    private async Task LookInTurnAsync()
    {
        // First, so that the outcome timeouts that are found know them.
        await _receipts.WriteAsync(_draining.Token);
        DueWork work;
        await using (var connection = await _context.Database.Looks.OpenConnectionAsync(_draining.Token))
        {
            work = await _context.Database.Looks.RunAsync(connection, () => _query.LookAsync(connection, _draining.Token), _draining.Token);
        }

        _context.Time.Synchronize(work.Clock.Time, work.Clock.Sent);
        _context.Pauses.Replace(work.Pauses);
        Schedule(work.Deliveries, hasMore: work.HasMore);
        // Beside the looks: the policy of the host and a large replay may take long.
        _resolving.Start(() => _outcomes.ResolveAsync(work.Outcomes, _draining.Token));
        if (work.HasReplays)
        {
            _replaying.Start(() => _replays.RunAsync(_draining.Token));
        }

        if (work.HasLaterFormat && !_hasWarnedOfFormat)
        {
            _hasWarnedOfFormat = true;
            _context.Logger.LaterFormat();
        }
    }

    private void ReportFailure(Exception e)
    {
        if (e is OperationCanceledException && _draining.IsCancellationRequested)
        {
            return;
        }

        if (DatabaseFailure.Matches(e))
        {
            _context.Health.ReportFailure(e);
        }
        else
        {
            _context.Logger.BackgroundTaskFailed(e);
        }
    }
}
