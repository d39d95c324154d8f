using System.Collections.Concurrent;
using IncomingCalls.Inbox;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Callers;

/// <summary>Looks up and caches the names of callers, with at most one lookup per caller at a time.</summary>
internal sealed class CallerNameService(
    IServiceScopeFactory scopes,
    IFallbackCallerNameResolver fallback,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    TimeProvider time,
    ILogger<CallerNameService> logger,
    IHostApplicationLifetime? lifetime = null)
{
    /// <summary>The maximum number of cached names: the callers of a busy day. An entry takes about 200 bytes.</summary>
    private const int Capacity = 20_000;

    /// <summary>The maximum number of pending lookups. An instance answers one lookup per second, so further lookups would complete after every wait for them has timed out.</summary>
    private const int MaxConcurrentLookups = 10_000;

    private readonly ExpiringCache<(long, ChatId), CallerName?> _cache = new(time, () => Capacity);
    private readonly ConcurrentDictionary<(long, ChatId), CallerNameLookup> _lookups = new();
    private int _lookupCount;

    /// <summary>Raised when a lookup has found a name.</summary>
    public event Action<CachedCallerName>? NameFound;

    /// <summary>Adds a name that was stored before a restart to the cache, unless it has expired.</summary>
    public void Restore(CachedCallerName cached)
    {
        var lifetime = cached.ExpiresAt - time.GetUtcNow();
        if (lifetime > TimeSpan.Zero)
        {
            _cache.Set((cached.IdInstance, cached.ChatId), cached.Name, lifetime);
        }
    }

    /// <summary>Adds the name from the cache to a caller, if there is one.</summary>
    public Caller WithKnownName(long idInstance, Caller caller) =>
        caller.Name is null && caller.ChatId is { } chatId && _cache.TryGet((idInstance, chatId), out var name)
            ? WithName(caller, name)
            : caller;

    /// <summary>Adds the name to a caller, from the cache or by a lookup. Fails only if the wait is cancelled.</summary>
    public async ValueTask<Caller> ResolveAsync(long idInstance, Caller caller, bool isRinging, CancellationToken cancellationToken)
    {
        if (caller.Name is not null || caller.ChatId is not { Kind: not ChatIdKind.Group } chatId)
        {
            return caller;
        }

        var key = (idInstance, chatId);
        if (!_cache.TryGet(key, out var name))
        {
            if (Volatile.Read(ref _lookupCount) >= MaxConcurrentLookups && !_lookups.ContainsKey(key))
            {
                return caller;
            }

            var query = new CallerNameQuery { IdInstance = idInstance, ChatId = chatId, IsRinging = isRinging };
            var lookup = _lookups.GetOrAdd(key, _ => new(query, () => LookUpAsync(key, query)));
            if (isRinging)
            {
                // The lookup may have been started with low priority, for the record of an old call.
                lookup.Query.MarkRinging();
            }

            name = await lookup.Result.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return WithName(caller, name);
    }

    private static Caller WithName(Caller caller, CallerName? name) =>
        name is null ? caller : caller with { Name = name.Name, NameSource = name.Source };

    private async Task<CallerName?> LookUpAsync((long, ChatId) key, CallerNameQuery query)
    {
        Interlocked.Increment(ref _lookupCount);
        // The code of a resolver must not run on the thread of the caller of this method, which may be delivering an alert.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var scope = scopes.CreateAsyncScope();
            await using var disposal = scope.ConfigureAwait(false);
            var (name, failed) = await QueryResolversAsync(scope.ServiceProvider, query).ConfigureAwait(false);
            if (name is not null || !failed)
            {
                var lifetime = name is null or { IsFallback: true } ? options.CurrentValue.MissingCallerNameCacheDuration : options.CurrentValue.CallerNameCacheDuration;
                _cache.Set(key, name, lifetime);
                if (name is not null)
                {
                    NameFound?.Invoke(new() { IdInstance = key.Item1, ChatId = key.Item2, Name = name, ExpiresAt = time.GetUtcNow() + lifetime });
                }
            }

            return name;
        }
        catch (Exception e)
        {
            logger.CallerNameResolversFailed(e);
            return null;
        }
        finally
        {
            _lookups.TryRemove(key, out _);
            Interlocked.Decrement(ref _lookupCount);
        }
    }

    private async Task<(CallerName? Name, bool Failed)> QueryResolversAsync(IServiceProvider services, CallerNameQuery query)
    {
        var failed = false;
        var stopping = lifetime?.ApplicationStopping ?? CancellationToken.None;
        var chain = services.GetServices<ICallerNameResolver>()
            .Select(static resolver => ((resolver as INamedCallerNameResolver)?.Name ?? resolver.GetType().Name, Resolve: (Func<CallerNameQuery, CancellationToken, ValueTask<CallerName?>>)resolver.ResolveAsync))
            .Append((ICallerNameResolver.FallbackKey, fallback.ResolveAsync));
        foreach (var (resolverName, resolve) in chain)
        {
            try
            {
                var name = await resolve(query, stopping).ConfigureAwait(false);
                if (!string.IsNullOrWhiteSpace(name?.Name))
                {
                    return (name, false);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return (null, Failed: true);
            }
            catch (CallerNameUnavailableException)
            {
                failed = true;
            }
            catch (Exception e)
            {
                failed = true;
                logger.CallerNameResolverFailed(resolverName, query.ChatId, e);
            }
        }

        return (null, failed);
    }
}

/// <summary>The pending lookup of a caller's name, shared by all who wait for it.</summary>
internal sealed class CallerNameLookup(CallerNameQuery query, Func<Task<CallerName?>> lookUp)
{
    // Lazy, because ConcurrentDictionary.GetOrAdd may create several lookups and use one of them.
    private readonly Lazy<Task<CallerName?>> _result = new(lookUp);

    public CallerNameQuery Query => query;

    public Task<CallerName?> Result => _result.Value;
}
