using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Callers;

/// <summary>Calls the fallback resolvers in this process.</summary>
internal sealed class LocalFallbackCallerNameResolver(IServiceScopeFactory scopes) : IFallbackCallerNameResolver
{
    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        foreach (var resolver in scope.ServiceProvider.GetKeyedServices<ICallerNameResolver>(ICallerNameResolver.FallbackKey))
        {
            if (await resolver.ResolveAsync(query, cancellationToken).ConfigureAwait(false) is { } name && !string.IsNullOrWhiteSpace(name.Name))
            {
                return name;
            }
        }

        return null;
    }
}
