using System.Collections.Concurrent;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>One notification of a call and how far its handlers have come.</summary>
internal sealed class InlineDelivery
{
    private readonly ConcurrentDictionary<CallHandlerRegistration, int> _attempts;

    public InlineDelivery(string factKey, StoredCallEvent? stored, IEnumerable<CallHandlerRegistration> owed)
    {
        FactKey = factKey;
        Event = stored;
        _attempts = new(owed.Select(handler => KeyValuePair.Create(handler, 0)));
    }

    public string FactKey { get; }

    /// <summary>The event; null when the call was only updated.</summary>
    public StoredCallEvent? Event { get; }

    /// <summary>Whether every handler has succeeded or given up.</summary>
    public bool IsDone => _attempts.IsEmpty;

    /// <summary>The run that is under way, for repeats to join; null when there is none.</summary>
    public TaskCompletionSource<InlineOutcome>? Running { get; set; }

    public Patience Patience { get; } = new();

    public CallHandlerRegistration[] Pending => [.. _attempts.Keys];

    public bool Owes(CallHandlerRegistration handler) => _attempts.ContainsKey(handler);

    public int NextAttempt(CallHandlerRegistration handler) => _attempts.AddOrUpdate(handler, 1, (_, attempts) => attempts + 1);

    public void Settle(CallHandlerRegistration handler) => _attempts.TryRemove(handler, out _);
}
