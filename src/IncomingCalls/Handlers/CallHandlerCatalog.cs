using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>The registered handlers, each with its filters composed once.</summary>
internal sealed class CallHandlerCatalog
{
    private readonly Dictionary<CallHandlerRegistration, CallEventDelegate> _chains;

    public CallHandlerCatalog(IEnumerable<CallHandlerRegistration> handlers, IEnumerable<CallFilterRegistration> filters)
    {
        All = [.. handlers];
        // Back to front, so that the filter registered first ends up outermost.
        var inwards = filters.Reverse().ToArray();
        _chains = All.ToDictionary(
            handler => handler,
            handler => inwards.Aggregate(handler.Invoke, (next, filter) => filter.Around(next)));
    }

    public IReadOnlyList<CallHandlerRegistration> All { get; }

    /// <summary>The handlers that are owed an event.</summary>
    public CallHandlerRegistration[] OwedBy(StoredCallEvent stored) => [.. All.Where(handler => handler.Wants(stored))];

    /// <summary>The filters around a handler, and the handler.</summary>
    public CallEventDelegate ChainOf(CallHandlerRegistration handler) => _chains[handler];
}
