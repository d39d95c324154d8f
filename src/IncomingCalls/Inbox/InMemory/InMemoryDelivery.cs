using IncomingCalls.Handling;
using IncomingCalls.Infrastructure;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>One notification of a call and the progress of its handlers. It exists until every handler has succeeded or was given up.</summary>
internal sealed class InMemoryDelivery(string factKey, StoredCallEvent? stored, CallHandlerRegistration[] handlers)
{
    private readonly Lock _gate = new();
    private readonly CallHandlerRegistration[] _handlers = handlers;
    private readonly int[] _attempts = new int[handlers.Length];
    private CallHandlerRegistration[] _pending = handlers;
    private DeliveryFailureTracker? _failures;

    public string FactKey => factKey;

    /// <summary>The event; null when the call was only updated.</summary>
    public StoredCallEvent? Event => stored;

    /// <summary>Whether every handler has succeeded or was given up.</summary>
    public bool IsDone => Pending.Length == 0;

    /// <summary>Whether the handlers are running. Guarded by the call.</summary>
    public bool IsRunning { get; set; }

    /// <summary>The completion that duplicates received during the run wait for; null when there are none. Guarded by the call.</summary>
    public TaskCompletionSource<InMemoryOutcome>? DuplicateCompletion { get; set; }

    public DeliveryFailureTracker Failures => _failures ??= new();

    /// <summary>The handlers that have not succeeded and were not given up. The array is replaced, never modified.</summary>
    public CallHandlerRegistration[] Pending => Volatile.Read(ref _pending);

    public bool IsPendingFor(CallHandlerRegistration handler) => Pending.Contains(handler);

    /// <summary>Counts an attempt of a handler and returns its number, from 1. The attempts of a handler are sequential.</summary>
    public int CountAttempt(CallHandlerRegistration handler) => ++_attempts[Array.IndexOf(_handlers, handler)];

    public void Settle(CallHandlerRegistration handler)
    {
        lock (_gate)
        {
            _pending = _pending is [var only] && only.Equals(handler) ? [] : Array.FindAll(_pending, other => !other.Equals(handler));
        }
    }
}
