using IncomingCalls.Calls;
using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Callers;

/// <summary>Calls the fallback resolvers in this process.</summary>
internal sealed class LocalFallbackCallerNameResolver(IServiceScopeFactory scopes, IServiceProviderIsKeyedService? services = null) : IFallbackCallerNameResolver
{
    /// <summary>Whether there are fallback resolvers. True with a container that cannot answer that.</summary>
    public bool HasResolvers { get; } = services?.IsKeyedService(typeof(ICallerNameResolver), ICallerNameResolver.FallbackKey) ?? true;

    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        foreach (var resolver in scope.ServiceProvider.GetKeyedServices<ICallerNameResolver>(ICallerNameResolver.FallbackKey))
        {
            if (await resolver.ResolveAsync(query, cancellationToken).ConfigureAwait(false) is { } name && VisibleText.TrimToNull(name.Name) is not null)
            {
                return name;
            }
        }

        return null;
    }
}
