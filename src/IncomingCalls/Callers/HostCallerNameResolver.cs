namespace IncomingCalls.Callers;

/// <summary>
/// A resolver as the host registered it. The container disposes with a scope whatever it made for one through a factory, a singleton of
/// the host too; of this it disposes nothing.
/// </summary>
internal sealed class HostCallerNameResolver<T>(T resolver) : ICallerNameResolver, INamedCallerNameResolver
    where T : class, ICallerNameResolver
{
    public string Name => resolver.GetType().Name;

    public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => resolver.ResolveAsync(query, cancellationToken);
}

/// <summary>A resolver that the log calls by another name than that of its class.</summary>
internal interface INamedCallerNameResolver
{
    string Name { get; }
}
