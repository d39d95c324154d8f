using IncomingCalls.Calls;
using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Callers;

/// <summary>Calls the fallback resolvers in this process.</summary>
internal sealed class LocalFallbackCallerNameResolver(
    IServiceScopeFactory scopes, IEnumerable<ICallerNumberResolver> numberResolvers, IServiceProviderIsKeyedService? services = null) : IFallbackCallerNameResolver
{
    private readonly ICallerNumberResolver[] _numberResolvers = [.. numberResolvers];

    /// <summary>Whether there are fallback resolvers. True with a container that cannot answer that.</summary>
    public bool HasResolvers { get; } = services?.IsKeyedService(typeof(ICallerNameResolver), ICallerNameResolver.FallbackKey) ?? true;

    /// <summary>Whether there are resolvers of phone numbers.</summary>
    public bool HasNumberResolvers => _numberResolvers.Length > 0;

    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        CallerName? withoutName = null;
        foreach (var resolver in scope.ServiceProvider.GetKeyedServices<ICallerNameResolver>(ICallerNameResolver.FallbackKey))
        {
            var name = await resolver.ResolveAsync(query, cancellationToken).ConfigureAwait(false);
            if (VisibleText.TrimToNull(name?.Name) is not null)
            {
                return name;
            }

            withoutName ??= name?.PhoneNumber is null ? null : name;
        }

        return withoutName;
    }

    public async ValueTask<CallerNumber?> ResolveNumberAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        foreach (var resolver in _numberResolvers)
        {
            if (await resolver.ResolveAsync(query, cancellationToken).ConfigureAwait(false) is { } number)
            {
                return number;
            }
        }

        return null;
    }
}
