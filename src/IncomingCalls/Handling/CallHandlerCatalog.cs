using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Handling;

/// <summary>The registered handlers, each with its pipeline of filters, which is composed once.</summary>
internal sealed class CallHandlerCatalog
{
    // Keyed by reference: callers have the registration from this catalog, and its own hash code would hash a string.
    private readonly Dictionary<object, CallEventDelegate> _pipelines;
    private readonly Dictionary<string, CallHandlerRegistration> _byName;

    public CallHandlerCatalog(IEnumerable<CallHandlerRegistration> handlers, IEnumerable<CallFilterRegistration> filters)
    {
        All = [.. handlers];
        // DistinctBy: duplicate names are reported by RegistrationValidator, with a better message than that of a dictionary.
        _byName = All.DistinctBy(handler => handler.Name).ToDictionary(handler => handler.Name);
        // In reverse order, so that the filter registered first is the outermost.
        var innermostFirst = filters.Reverse().ToArray();
        _pipelines = All.ToDictionary<CallHandlerRegistration, object, CallEventDelegate>(
            handler => handler,
            handler => innermostFirst.Aggregate(handler.Invoke, (next, filter) => filter.Wrap(next)),
            ReferenceEqualityComparer.Instance);
    }

    public IReadOnlyList<CallHandlerRegistration> All { get; }

    /// <summary>Gets the handlers that an event is delivered to.</summary>
    public CallHandlerRegistration[] HandlersFor(StoredCallEvent stored) => [.. All.Where(handler => handler.Handles(stored))];

    /// <summary>Gets the handler with a name; null when none is registered with it.</summary>
    public CallHandlerRegistration? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Gets the filters of a handler followed by the handler.</summary>
    public CallEventDelegate PipelineOf(CallHandlerRegistration handler) => _pipelines[handler];
}

/// <summary>A filter that the host has registered.</summary>
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

    /// <summary>Wraps the rest of the pipeline in this filter.</summary>
    public CallEventDelegate Wrap(CallEventDelegate next) => (context, cancellationToken) => _invoke(context, next, cancellationToken);

    public bool Equals(CallFilterRegistration? other) => other is not null && _type == other._type;

    public override bool Equals(object? obj) => Equals(obj as CallFilterRegistration);

    public override int GetHashCode() => _type.GetHashCode();
}
