namespace IncomingCalls.Callers;

/// <summary>
/// Wraps a resolver of the host. A container disposes everything that it gets from a factory together with the scope, even if it is a
/// singleton of the host. The wrapper is not disposable, so the resolver is not disposed.
/// </summary>
internal sealed class NonDisposingCallerNameResolver<T>(T resolver) : ICallerNameResolver, INamedCallerNameResolver
    where T : class, ICallerNameResolver
{
    public string Name => resolver.GetType().Name;

    public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => resolver.ResolveAsync(query, cancellationToken);
}

/// <summary>A resolver that is logged under another name than that of its class.</summary>
internal interface INamedCallerNameResolver
{
    string Name { get; }
}
