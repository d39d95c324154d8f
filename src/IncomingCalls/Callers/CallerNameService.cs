using System.Collections.Concurrent;
using IncomingCalls.Inbox;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Callers;

/// <summary>The names of callers: cached, and asked for once at a time per caller.</summary>
internal sealed class CallerNameService(
    IServiceScopeFactory scopes,
    IFallbackCallerNameResolver lastResort,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    TimeProvider time,
    ILogger<CallerNameService> logger,
    IHostApplicationLifetime? lifetime = null)
{
    /// <summary>Callers of a busy day; an entry takes about 200 bytes.</summary>
    private const int Capacity = 20_000;

    /// <summary>One instance answers one look-up a second, so more than these would be answered when nobody waits any more.</summary>
    private const int MaxConcurrentLookups = 10_000;

    private readonly ExpiringCache<(long, ChatId), CallerName?> _cache = new(time, () => Capacity);
    private readonly ConcurrentDictionary<(long, ChatId), CallerNameLookup> _lookups = new();
    private int _lookupCount;

    /// <summary>Raised when somebody has told a name.</summary>
    public event Action<CachedCallerName>? NameFound;

    /// <summary>Takes back names that were found before.</summary>
    public void Restore(CachedCallerName kept)
    {
        var left = kept.ExpiresAt - time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            _cache.Set((kept.IdInstance, kept.ChatId), kept.Name, left);
        }
    }

    /// <summary>The caller with the name that is known at this moment.</summary>
    public Caller WithKnownName(long idInstance, Caller caller) =>
        caller.Name is null && caller.ChatId is { } chatId && _cache.TryGet((idInstance, chatId), out var name)
            ? WithName(caller, name)
            : caller;

    /// <summary>The caller with a name, if anybody knows one. Never fails, except by cancellation of the wait.</summary>
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
            var lookUp = _lookups.GetOrAdd(key, _ => new(query, () => LookUpAsync(key, query)));
            if (isRinging)
            {
                // It may have begun for an old record, at the end of the line.
                lookUp.Query.MarkRinging();
            }

            name = await lookUp.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return WithName(caller, name);
    }

    private static Caller WithName(Caller caller, CallerName? name) =>
        name is null ? caller : caller with { Name = name.Name, NameSource = name.Source };

    private async Task<CallerName?> LookUpAsync((long, ChatId) key, CallerNameQuery query)
    {
        Interlocked.Increment(ref _lookupCount);
        // Nothing of a resolver runs on the caller's thread: an alert is on its way there.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var scope = scopes.CreateAsyncScope();
            await using var disposal = scope.ConfigureAwait(false);
            var (name, failed) = await AskResolversAsync(scope.ServiceProvider, query).ConfigureAwait(false);
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

    private async Task<(CallerName? Name, bool Failed)> AskResolversAsync(IServiceProvider services, CallerNameQuery query)
    {
        var failed = false;
        var stopping = lifetime?.ApplicationStopping ?? CancellationToken.None;
        var chain = services.GetServices<ICallerNameResolver>()
            .Select(static resolver => ((resolver as INamedCallerNameResolver)?.Name ?? resolver.GetType().Name, Ask: (Func<CallerNameQuery, CancellationToken, ValueTask<CallerName?>>)resolver.ResolveAsync))
            .Append((ICallerNameResolver.FallbackKey, lastResort.ResolveAsync));
        foreach (var (who, ask) in chain)
        {
            try
            {
                var name = await ask(query, stopping).ConfigureAwait(false);
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
                logger.CallerNameResolverFailed(who, query.ChatId, e);
            }
        }

        return (null, failed);
    }
}

/// <summary>A caller's name is being asked for, once for all who want it.</summary>
internal sealed class CallerNameLookup(CallerNameQuery query, Func<Task<CallerName?>> ask)
{
    // Lazily, because a dictionary may make several of these and use one.
    private readonly Lazy<Task<CallerName?>> _answer = new(ask);

    public CallerNameQuery Query => query;

    public Task<CallerName?> Answer => _answer.Value;
}
