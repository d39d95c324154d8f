using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Handling;

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

/// <summary>A filter as the host registered it.</summary>
internal sealed class CallFilterRegistration : IEquatable<CallFilterRegistration>
{
    private readonly Type _type;
    private readonly Func<CallEventContext, CallEventDelegate, CancellationToken, ValueTask> _invoke;

    private CallFilterRegistration(Type type, Func<CallEventContext, CallEventDelegate, CancellationToken, ValueTask> invoke)
    {
        _type = type;
        _invoke = invoke;
    }

    public static CallFilterRegistration Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, ICallEventFilter =>
        new(typeof(T), static (context, next, cancellationToken) =>
            context.Services.GetRequiredService<T>().InvokeAsync(context, next, cancellationToken));

    /// <summary>Puts this filter around the rest of the way.</summary>
    public CallEventDelegate Wrap(CallEventDelegate next) => (context, cancellationToken) => _invoke(context, next, cancellationToken);

    public bool Equals(CallFilterRegistration? other) => other is not null && _type == other._type;

    public override bool Equals(object? obj) => Equals(obj as CallFilterRegistration);

    public override int GetHashCode() => _type.GetHashCode();
}
