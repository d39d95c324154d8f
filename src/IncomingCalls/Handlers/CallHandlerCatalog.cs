using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>The registered handlers, each with its filters composed once.</summary>
internal sealed class CallHandlerCatalog
{
    // By the object: whoever asks has it from here, and its own hash is made of a name.
    private readonly Dictionary<object, CallEventDelegate> _pipelines;
    private readonly Dictionary<string, CallHandlerRegistration> _byName;

    public CallHandlerCatalog(IEnumerable<CallHandlerRegistration> handlers, IEnumerable<CallFilterRegistration> filters)
    {
        All = [.. handlers];
        // Two of one name are found by the validation, with a better sentence than a dictionary has.
        _byName = All.DistinctBy(handler => handler.Name).ToDictionary(handler => handler.Name);
        // Back to front, so that the filter registered first ends up outermost.
        var inwards = filters.Reverse().ToArray();
        _pipelines = All.ToDictionary<CallHandlerRegistration, object, CallEventDelegate>(
            handler => handler,
            handler => inwards.Aggregate(handler.Invoke, (next, filter) => filter.Wrap(next)),
            ReferenceEqualityComparer.Instance);
    }

    public IReadOnlyList<CallHandlerRegistration> All { get; }

    /// <summary>The handlers that are owed an event.</summary>
    public CallHandlerRegistration[] HandlersFor(StoredCallEvent stored) => [.. All.Where(handler => handler.Handles(stored))];

    /// <summary>The handler of a name; null when none is registered under it.</summary>
    public CallHandlerRegistration? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The filters around a handler, and the handler.</summary>
    public CallEventDelegate PipelineOf(CallHandlerRegistration handler) => _pipelines[handler];
}
