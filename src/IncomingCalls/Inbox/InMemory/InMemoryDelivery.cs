using IncomingCalls.Handling;
using IncomingCalls.Infrastructure;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>One notification of a call and how far its handlers have come. It lives until every handler has succeeded or given up.</summary>
internal sealed class InMemoryDelivery(string factKey, StoredCallEvent? stored, CallHandlerRegistration[] owed)
{
    private readonly Lock _gate = new();
    private readonly CallHandlerRegistration[] _handlers = owed;
    private readonly int[] _attempts = new int[owed.Length];
    private CallHandlerRegistration[] _pending = owed;
    private DeliveryFailureTracker? _failures;

    public string FactKey => factKey;

    /// <summary>The event; null when the call was only updated.</summary>
    public StoredCallEvent? Event => stored;

    /// <summary>Whether every handler has succeeded or given up.</summary>
    public bool IsDone => Pending.Length == 0;

    /// <summary>Whether a run is under way. Guarded by the call.</summary>
    public bool IsRunning { get; set; }

    /// <summary>What repeats that came during the run wait for; null when there are none. Guarded by the call.</summary>
    public TaskCompletionSource<InMemoryOutcome>? DuplicateCompletion { get; set; }

    public DeliveryFailureTracker Failures => _failures ??= new();

    /// <summary>The handlers that have not; never changed, but replaced.</summary>
    public CallHandlerRegistration[] Pending => Volatile.Read(ref _pending);

    public bool IsPendingFor(CallHandlerRegistration handler) => Pending.Contains(handler);

    /// <summary>Counts an attempt of a handler, from 1. A handler's attempts are made one after another.</summary>
    public int CountAttempt(CallHandlerRegistration handler) => ++_attempts[Array.IndexOf(_handlers, handler)];

    public void Settle(CallHandlerRegistration handler)
    {
        lock (_gate)
        {
            _pending = _pending is [var only] && only.Equals(handler) ? [] : Array.FindAll(_pending, other => !other.Equals(handler));
        }
    }
}
