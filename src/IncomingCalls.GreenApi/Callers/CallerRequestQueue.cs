using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Callers;

/// <summary>
/// The queries of one instance that wait for their request, such as the GetContactInfo of a caller's name. The queue sends the requests at the rate that
/// the gateway allows, those of ringing calls first, and pauses them after a failure that applies to all callers. Thread-safe.
/// </summary>
/// <typeparam name="T">What a request finds out.</typeparam>
/// <param name="idInstance">The instance.</param>
/// <param name="kind">What is requested.</param>
/// <param name="requestsPerSecond">Gets the number of requests per second that the gateway allows; called at each addition.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger of pauses.</param>
internal sealed class CallerRequestQueue<T>(long idInstance, CallerRequestKind kind, Func<int> requestsPerSecond, TimeProvider time, ILogger logger)
    where T : class
{
    /// <summary>
    /// The maximum number of waiting queries, each for ringing and for other calls. At one request per second the last of them waits eight
    /// minutes; later queries are rejected and can be retried.
    /// </summary>
    public const int Capacity = 500;

    private static readonly TimeSpan InitialPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly LinkedList<QueuedCallerQuery<T>> _waiting = new();
    private readonly Backoff _backoff = new(InitialPause, MaxPause);
    private readonly CallerRequestPacer _pacer = new(time);
    private CallerRequestPause? _pause;

    // Incremented with each pause. A request that was sent before a pause neither begins another pause nor shows that the API works again.
    private int _generation;

    // Whether the next request must be answered before the one after it is sent.
    private bool _isProbing;
    private bool _isDispatching;
    private bool _isClosed;
    private int _requestsPerSecond;

    /// <summary>Enqueues a query.</summary>
    /// <param name="instance">The instance with the token that the request uses.</param>
    /// <param name="query">The query.</param>
    /// <param name="request">Sends the request.</param>
    /// <param name="cancellationToken">Removes the query from the queue, and cancels its request.</param>
    /// <returns>A task whose result is what was found; null when the queue is full.</returns>
    /// <exception cref="CallerNameUnavailableException">The requests are paused, or the host has stopped. The task can fail with it too.</exception>
    public Task<T?>? TryEnqueue(
        CallInstance instance, CallerNameQuery query, Func<CancellationToken, Task<CallerAnswer<T>>> request, CancellationToken cancellationToken)
    {
        var queued = new QueuedCallerQuery<T>(instance, query, request, cancellationToken);
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new CallerNameUnavailableException(ClosedMessage);
            }

            if (_pause?.AppliesTo(instance, time.GetUtcNow()) == true)
            {
                throw new CallerNameUnavailableException(PausedMessage);
            }

            if (_waiting.Count(other => other.Query.IsRinging == query.IsRinging) >= Capacity)
            {
                return null;
            }

            _requestsPerSecond = requestsPerSecond();
            _waiting.AddLast(queued);
            if (!_isDispatching)
            {
                // The first request may have to open a connection; and if it fails, the others need not be sent.
                _isDispatching = _isProbing = true;
                _ = DispatchAsync();
            }
        }

        return WaitAsync(queued);
    }

    /// <summary>Rejects the waiting queries and all further ones.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            RejectWaiting(ClosedMessage);
        }
    }

    private async Task<T?> WaitAsync(QueuedCallerQuery<T> queued)
    {
        using var registration = queued.Cancellation.UnsafeRegister(_ => Cancel(queued), null);
        return await queued.Result.Task.ConfigureAwait(false);
    }

    private void Cancel(QueuedCallerQuery<T> queued)
    {
        lock (_gate)
        {
            // The request of a query that is no longer waiting is cancelled by its own token.
            if (_waiting.Remove(queued))
            {
                queued.Result.TrySetCanceled(queued.Cancellation);
            }
        }
    }

    private async Task DispatchAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            await WaitUntilDueAsync().ConfigureAwait(false);
            // The query is chosen only when its request is due, so that a call that begins to ring meanwhile goes first.
            if (DequeueNext() is not var (next, request, generation, isProbe))
            {
                return;
            }

            var sending = SendAsync(next, request, generation, isProbe);
            if (isProbe)
            {
                await sending.ConfigureAwait(false);
            }
        }
    }

    private async ValueTask WaitUntilDueAsync()
    {
        while (GetDelay() is var delay && delay > TimeSpan.Zero)
        {
            // In whole milliseconds, as timers are, so that the last fraction of one does not take many turns.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds)), time).ConfigureAwait(false);
        }
    }

    private string PausedMessage => $"The {kind.Method} requests of instance {idInstance} are paused. Log event {kind.PauseEvent} contains the reason and the end of the pause.";

    private string ClosedMessage => $"The host has stopped, and sends no more {kind.Method} requests of instance {idInstance}.";

    private TimeSpan GetDelay()
    {
        lock (_gate)
        {
            return _pacer.GetDelay(_requestsPerSecond);
        }
    }

    private (QueuedCallerQuery<T> Next, SentCallerRequest Request, int Generation, bool IsProbe)? DequeueNext()
    {
        lock (_gate)
        {
            _isDispatching = _waiting.Count > 0;
            if (!_isDispatching)
            {
                return null;
            }

            var next = _waiting.FirstOrDefault(static waiting => waiting.Query.IsRinging) ?? _waiting.First!.Value;
            _waiting.Remove(next);
            return (next, _pacer.RecordRequest(), _generation, _isProbing);
        }
    }

    private async Task SendAsync(QueuedCallerQuery<T> query, SentCallerRequest request, int generation, bool isProbe)
    {
        try
        {
            var answer = await query.Request(query.Cancellation).ConfigureAwait(false);
            if (answer.Failure is not null)
            {
                Pause(query.Instance, answer, generation);
                query.Result.TrySetException(new CallerNameUnavailableException($"{kind.Method} of instance {idInstance} failed: {answer.Failure}."));
                return;
            }

            Resume(generation);
            query.Result.TrySetResult(answer.Value);
        }
        catch (OperationCanceledException) when (query.Cancellation.IsCancellationRequested)
        {
            query.Result.TrySetCanceled(query.Cancellation);
        }
        catch (Exception e)
        {
            query.Result.TrySetException(e);
        }
        finally
        {
            RecordResponse(request, isProbe);
        }
    }

    private void RecordResponse(SentCallerRequest request, bool isFirst)
    {
        lock (_gate)
        {
            _pacer.RecordResponse(request, isFirst);
        }
    }

    /// <summary>Begins a pause, unless another request of the same time has begun it, and rejects the waiting queries.</summary>
    private void Pause(CallInstance instance, CallerAnswer<T> answer, int generation)
    {
        DateTimeOffset until;
        lock (_gate)
        {
            if (generation != _generation)
            {
                return;
            }

            until = time.GetUtcNow() + (answer.Pause ?? _backoff.Next());
            _pause = new(instance, until);
            _generation++;
            _isProbing = true;
            RejectWaiting(PausedMessage);
        }

        kind.LogPaused(logger, idInstance, until, answer.Failure!);
    }

    private void Resume(int generation)
    {
        lock (_gate)
        {
            if (generation == _generation)
            {
                _isProbing = false;
                _backoff.Reset();
            }
        }
    }

    private void RejectWaiting(string message)
    {
        foreach (var waiting in _waiting)
        {
            waiting.Result.TrySetException(new CallerNameUnavailableException(message));
        }

        _waiting.Clear();
    }
}

/// <summary>A query in a <see cref="CallerRequestQueue{T}"/>.</summary>
internal sealed class QueuedCallerQuery<T>(
    CallInstance instance, CallerNameQuery query, Func<CancellationToken, Task<CallerAnswer<T>>> request, CancellationToken cancellation)
    where T : class
{
    public CallInstance Instance => instance;

    public CallerNameQuery Query => query;

    public Func<CancellationToken, Task<CallerAnswer<T>>> Request => request;

    public CancellationToken Cancellation => cancellation;

    public TaskCompletionSource<T?> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
