using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Calls;
using IncomingCalls.Handling;
using IncomingCalls.Inbox.Dispatch;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Inbox;

/// <summary>
/// Runs attempts of deliveries: a slot of the instance and handler, a scope, the filters, a timeout, and the drain when the host stops. It knows
/// neither stores nor due times.
/// </summary>
/// <remarks>Thread-safe.</remarks>
[Experimental("ICEXP001")]
public sealed class AttemptRunner : IDisposable
{
    /// <summary>How long attempts that were cancelled because the drain has ended may take to return, so that their results are still stored.</summary>
    private static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(2);

    private readonly CallHandlerCatalog _catalog;
    private readonly HandlerInvoker _invoker;
    private readonly HandlerSlots _slots;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly InFlightTracker _inFlight = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _forceStop = new();

    internal AttemptRunner(CallHandlerCatalog catalog, HandlerInvoker invoker, HandlerSlots slots, TimeProvider time, ILogger logger)
    {
        _catalog = catalog;
        _invoker = invoker;
        _slots = slots;
        _time = time;
        _logger = new NonThrowingLogger(logger);
    }

    private AttemptRunner(AttemptRunner other, TimeProvider clock)
        : this(other._catalog, other._invoker, other._slots, clock, other._logger)
    {
    }

    /// <summary>Whether this process has at least one handler. A process that handles notifications that other processes received must have one.</summary>
    public bool HasHandlers => _catalog.All.Count > 0;

    /// <summary>The names of the handlers of this process, without duplicates. All processes that share an inbox must have the same handlers.</summary>
    public IEnumerable<string> HandlerNames => _catalog.All.Select(static handler => handler.Name);

    /// <summary>Creates a runner that uses another clock, by which <see cref="CallEvent.IsLive"/> is decided. Both share the slots; each is drained and disposed of on its own.</summary>
    /// <param name="clock">The clock: that of <see cref="ICallInbox.Clock"/>.</param>
    /// <returns>The runner.</returns>
    public AttemptRunner WithClock(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new(this, clock);
    }

    /// <summary>Gets the timeout of one attempt of a handler.</summary>
    /// <param name="handlerName">The name of the handler.</param>
    /// <returns>The timeout; zero when no handler with this name is registered.</returns>
    public TimeSpan GetTimeout(string handlerName) => _catalog.Find(handlerName) is { } handler ? _invoker.GetTimeout(handler) : TimeSpan.Zero;

    /// <summary>The number of running and waiting attempts that were started with <see cref="Start(Func{CallState}, DeliveryAttempt, Action{AttemptReport})"/>.</summary>
    internal int InFlight => _inFlight.Count;

    /// <summary>Runs one attempt of a handler, with a fresh scope, filters and timeout. Waits for a slot first, except for operator alerts.</summary>
    /// <param name="current">Gets the state of the call. It is called when the attempt starts, which may be after a wait for a slot.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="forceStop">Cancels the attempt.</param>
    /// <returns>A task whose result is the result of the attempt, to be passed to <see cref="CallTransitions.Settle(CallState, AttemptReport, DestinationPause?)"/>.</returns>
    /// <exception cref="OperationCanceledException">The host stops, or <paramref name="forceStop"/> was signalled. The attempt does not count.</exception>
    public async ValueTask<AttemptReport> RunAsync(Func<CallState> current, DeliveryAttempt attempt, CancellationToken forceStop) =>
        (await TryRunAsync(current, attempt, static () => new(true), forceStop).ConfigureAwait(false))!;

    /// <summary>Runs one attempt as <see cref="RunAsync"/> does, if it may start when it has its slot: a pause may have begun during the wait, and a permit is taken when it is used.</summary>
    /// <param name="current">Gets the state of the call. It is called when the attempt starts.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="admit">Asks whether the attempt may start. It is called once, with the slot acquired, which it holds while it waits.</param>
    /// <param name="forceStop">Cancels the attempt.</param>
    /// <returns>A task whose result is the result of the attempt; null when it may not start.</returns>
    /// <exception cref="OperationCanceledException">The host stops, or <paramref name="forceStop"/> was signalled. The attempt does not count.</exception>
    public async ValueTask<AttemptReport?> TryRunAsync(Func<CallState> current, DeliveryAttempt attempt, Func<ValueTask<bool>> admit, CancellationToken forceStop)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(admit);
        if (_catalog.Find(attempt.Delivery.HandlerName) is not { } handler)
        {
            return new()
            {
                Attempt = attempt,
                Outcome = AttemptOutcome.Failed,
                Error = "HandlerNotRegistered: no handler with this name is registered. Register a handler with this name, or purge the dead letter.",
            };
        }

        // Alerts take no slot: the call is ringing, so they must not wait.
        using var slot = attempt.Delivery.IsNotifier ? (HandlerSlots.Slot?)null : await AcquireSlotAsync(attempt, forceStop).ConfigureAwait(false);
        if (!await admit().ConfigureAwait(false))
        {
            return null;
        }

        ActivityContext.TryParse(attempt.PendingEvent.TraceParent, attempt.PendingEvent.TraceState, isRemote: true, out var trace);
        try
        {
            var (stored, delivery) = (attempt.PendingEvent.Event, attempt.Delivery);
            var result = await _invoker.InvokeAsync(
                handler,
                stored,
                CallProjection.Project(current().History),
                delivery.PreviousOutcome ?? stored.PreviousOutcome,
                delivery.Attempts + 1,
                trace,
                _time.GetUtcNow(),
                forceStop).ConfigureAwait(false);
            return new()
            {
                Attempt = attempt,
                Outcome = result.Outcome,
                RetryAfter = result.RetryAfter,
                Destination = attempt.Delivery.IsNotifier ? null : result.Destination,
                HasTimedOut = result.HasTimedOut,
                Error = result.Error is { } error ? ErrorText.Create(error) : null,
                Exception = result.Error,
            };
        }
        catch (Exception e) when (e is not OperationCanceledException && forceStop.IsCancellationRequested)
        {
            // A database driver, for example, reports the cancellation as an exception of its own.
            throw new OperationCanceledException("The attempt was cancelled because the host stops.", e, forceStop);
        }
    }

    /// <summary>
    /// Starts an attempt on the thread pool. When it has ended, <paramref name="onEnded"/> receives its result on the thread pool; it is not
    /// called for an attempt that was cancelled because the host stops, which is repeated after the next start.
    /// </summary>
    internal void Start(Func<CallState> current, DeliveryAttempt attempt, Action<AttemptReport> onEnded) => Start(async _ =>
    {
        AttemptReport report;
        try
        {
            report = await RunAsync(current, attempt, _forceStop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !_draining.IsCancellationRequested)
        {
            _logger.BackgroundTaskFailed(e);
            report = new() { Attempt = attempt, Outcome = AttemptOutcome.Failed, Error = ErrorText.Create(e), Exception = e };
        }

        onEnded(report);
    });

    /// <summary>
    /// Starts other work of the inbox, for which <see cref="DrainAsync"/> waits as well. Once the drain has begun, nothing starts, and the token of the work is cancelled.
    /// </summary>
    internal void Start(Func<CancellationToken, Task> work)
    {
        _inFlight.Begin();
        // Without the execution context of the caller, which is that of another request, or of the attempt before.
        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Runner.RunWorkAsync(state.Work), (Runner: this, Work: work), preferLocal: false);
    }

    /// <summary>Waits until no started attempt is in progress.</summary>
    internal Task WaitUntilIdleAsync() => _inFlight.WaitUntilIdleAsync();

    /// <summary>Starts no further attempts, waits until the running ones end, and cancels those that remain.</summary>
    /// <param name="cancellationToken">Ends the wait; signalled when the shutdown timeout of the host has elapsed.</param>
    /// <returns>A task that completes when no attempt is running, or when the cancelled ones have had two seconds to return.</returns>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await _draining.CancelAsync().ConfigureAwait(false);
        try
        {
            await _inFlight.WaitUntilIdleAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _logger.DrainIncomplete(_inFlight.Count);
            // A handler may have registered a callback that throws.
            await _forceStop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAny(_inFlight.WaitUntilIdleAsync(), Task.Delay(CancellationGrace, _time, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _draining.Dispose();
        _forceStop.Dispose();
    }

    private async Task RunWorkAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            // Checked after the work is counted: either the drain waits for it, or it does not start.
            if (!_draining.IsCancellationRequested)
            {
                await work(_draining.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_draining.IsCancellationRequested)
        {
            // Nothing is stored: the next start finds the delivery unchanged and runs it again.
        }
        catch (Exception e)
        {
            _logger.BackgroundTaskFailed(e);
        }
        finally
        {
            _inFlight.End();
        }
    }

    private async ValueTask<HandlerSlots.Slot> AcquireSlotAsync(DeliveryAttempt attempt, CancellationToken forceStop)
    {
        var group = LaneGroup.Of(attempt.PendingEvent, attempt.Delivery);
        // An attempt that still waits for its slot when the host stops does not start any more.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(_draining.Token, forceStop);
        return await _slots.AcquireAsync(group, stopping.Token).ConfigureAwait(false);
    }
}
