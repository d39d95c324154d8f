using System.Collections.Concurrent;
using IncomingCalls.Calls;
using IncomingCalls.Inbox;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Callers;

/// <summary>Looks up and caches the names of callers, with at most one lookup per caller at a time. Thread-safe.</summary>
internal sealed class CallerNameService(
    IServiceScopeFactory scopes,
    IFallbackCallerNameResolver fallback,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    TimeProvider time,
    ILogger<CallerNameService> logger,
    IHostApplicationLifetime? lifetime = null,
    IServiceProviderIsService? services = null)
{
    /// <summary>The maximum number of cached names: the callers of a busy day. An entry takes about 200 bytes.</summary>
    private const int Capacity = 20_000;

    /// <summary>The maximum number of pending lookups. An instance answers one lookup per second, so further lookups would complete after every wait for them has timed out.</summary>
    private const int MaxConcurrentLookups = 10_000;

    private readonly CallerNameChain _chain = new(scopes, fallback, time, logger, lifetime, services);
    private readonly ExpiringCache<(long, ChatId), CallerName?> _cache = new(time, () => Capacity);

    /// <summary>The callers whose last lookup has just ended without a name. The absence of a name is cached for another time, or not at all.</summary>
    private readonly ExpiringCache<(long, ChatId), bool> _endedWithoutName = new(time, () => Capacity);
    private readonly ConcurrentDictionary<(long, ChatId), CallerNameLookup> _lookups = new();
    private int _lookupCount;

    /// <summary>Raised when a lookup has found a name, so that a store can keep it.</summary>
    public event Action<CachedCallerName>? NameFound;

    /// <summary>Raised when a lookup has ended, with a name or without one, after the cache was updated.</summary>
    public event Action<CallerNameLookupEnded>? LookupEnded;

    /// <summary>Adds a name that was stored before a restart to the cache, unless it has expired.</summary>
    public void Restore(CachedCallerName cached)
    {
        var lifetime = cached.ExpiresAt - time.GetUtcNow();
        if (lifetime > TimeSpan.Zero && VisibleText.TrimToNull(cached.Name.Name) is not null)
        {
            _cache.Set((cached.IdInstance, cached.ChatId), cached.Name, lifetime);
        }
    }

    /// <summary>Adds the name from the cache to a caller, if there is one.</summary>
    public Caller WithKnownName(long idInstance, Caller caller) =>
        caller.Name is null && caller.ChatId is { } chatId && _cache.TryGet((idInstance, chatId), out var name)
            ? WithName(caller, name)
            : caller;

    /// <summary>Gets what is known about the name of a caller. Starts no lookup.</summary>
    public CallerNameStatus GetStatus(long idInstance, Caller caller) =>
        FindChatId(caller) is not { } chatId ? CallerNameStatus.NotNeeded
        : _cache.TryGet((idInstance, chatId), out _) ? CallerNameStatus.Known
        : _endedWithoutName.TryGet((idInstance, chatId), out _) ? CallerNameStatus.Unavailable
        : _lookups.ContainsKey((idInstance, chatId)) ? CallerNameStatus.Unknown
        : IsFull || !_chain.CanQuery(idInstance) ? CallerNameStatus.Unavailable
        : CallerNameStatus.Unknown;

    /// <summary>
    /// Starts a lookup without waiting for it, or joins the pending one. <see cref="LookupEnded"/> reports its end. Starts none when none is
    /// needed, or when too many are pending.
    /// </summary>
    /// <param name="idInstance">The instance that was called.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="isRinging">Whether the call is ringing, see <see cref="CallerNameQuery.IsRinging"/>. Applies to a pending lookup too.</param>
    public void StartLookup(long idInstance, Caller caller, bool isRinging)
    {
        if (FindChatId(caller) is { } chatId && !_cache.TryGet((idInstance, chatId), out _))
        {
            _ = JoinOrStart((idInstance, chatId), isRinging);
        }
    }

    /// <summary>Adds the name to a caller, from the cache or by a lookup. Fails only if the wait is cancelled.</summary>
    public async ValueTask<Caller> ResolveAsync(long idInstance, Caller caller, bool isRinging, CancellationToken cancellationToken)
    {
        if (FindChatId(caller) is not { } chatId)
        {
            return caller;
        }

        var key = (idInstance, chatId);
        return _cache.TryGet(key, out var name) ? WithName(caller, name)
            : JoinOrStart(key, isRinging) is { } result ? WithName(caller, await result.WaitAsync(cancellationToken).ConfigureAwait(false))
            : caller;
    }

    /// <summary>Finds the chat id of a caller who needs a name.</summary>
    private static ChatId? FindChatId(Caller caller) =>
        caller.Name is null && caller.ChatId is { Kind: not ChatIdKind.Group } chatId ? chatId : null;

    private static Caller WithName(Caller caller, CallerName? name) =>
        name is null ? caller : caller with { Name = name.Name, NameSource = name.Source };

    private bool IsFull => Volatile.Read(ref _lookupCount) >= MaxConcurrentLookups;

    /// <summary>Joins the pending lookup of a caller, or starts one.</summary>
    /// <returns>The result of the lookup; null when too many are pending.</returns>
    private Task<CallerName?>? JoinOrStart((long IdInstance, ChatId ChatId) key, bool isRinging)
    {
        if (!_lookups.TryGetValue(key, out var lookup))
        {
            if (IsFull)
            {
                return null;
            }

            var query = new CallerNameQuery { IdInstance = key.IdInstance, ChatId = key.ChatId, IsRinging = isRinging };
            lookup = _lookups.GetOrAdd(key, _ => new(query, () => LookUpAsync(key, query)));
        }

        if (isRinging)
        {
            // The lookup may have been started with low priority, for the record of an old call.
            lookup.Query.MarkRinging();
        }

        return lookup.Result;
    }

    private async Task<CallerName?> LookUpAsync((long IdInstance, ChatId ChatId) key, CallerNameQuery query)
    {
        Interlocked.Increment(ref _lookupCount);
        // The code of a resolver must not run on the thread of the caller of this method, which may be delivering an alert.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        CallerName? name = null;
        CachedCallerName? found = null;
        try
        {
            // The previous lookup of the caller may have ended after the cache was read and before this lookup was added.
            if (!_cache.TryGet(key, out name))
            {
                var answer = await _chain.QueryAsync(query).ConfigureAwait(false);
                name = answer.Name;
                // When the host stops, there is no answer: what waits for the name is left to the next start.
                found = name is null && lifetime?.ApplicationStopping.IsCancellationRequested == true ? null : Cache(key, answer);
            }
        }
        catch (Exception e)
        {
            logger.CallerNameResultFailed(key.IdInstance, e);
        }
        finally
        {
            // Before the events, so that a subscriber can start another lookup.
            _lookups.TryRemove(key, out _);
            Interlocked.Decrement(ref _lookupCount);
            RaiseEvents(key, name, found);
        }

        return name;
    }

    /// <summary>Caches the answer, or that the lookup has failed.</summary>
    /// <returns>The found name; null when there is none.</returns>
    private CachedCallerName? Cache((long IdInstance, ChatId ChatId) key, CallerNameAnswer answer)
    {
        var current = options.CurrentValue;
        if (answer.Name is null)
        {
            _endedWithoutName.Set(key, true, current.CallerNameWait);
            if (answer.IsIncomplete)
            {
                return null;
            }
        }

        var lifetime = answer is { Name.IsFallback: false, IsIncomplete: false } ? current.CallerNameCacheDuration
            : answer.Name is null ? current.MissingCallerNameCacheDuration
            // What waits for the name reads it from the cache, so it is not cached for a shorter time than the wait.
            : Max(current.MissingCallerNameCacheDuration, current.CallerNameWait);
        _cache.Set(key, answer.Name, lifetime);
        return answer.Name is null ? null : new()
        {
            IdInstance = key.IdInstance,
            ChatId = key.ChatId,
            Name = answer.Name,
            ExpiresAt = time.GetUtcNow() + lifetime,
        };
    }

    private void RaiseEvents((long IdInstance, ChatId ChatId) key, CallerName? name, CachedCallerName? found)
    {
        if (found is not null)
        {
            Raise(NameFound, found, key.IdInstance);
        }

        Raise(LookupEnded, new() { IdInstance = key.IdInstance, ChatId = key.ChatId, Name = name }, key.IdInstance);
    }

    /// <summary>Raises an event. An exception of a subscriber affects neither the lookup nor the other subscribers.</summary>
    private void Raise<T>(Action<T>? subscribers, T argument, long idInstance)
    {
        foreach (var subscriber in Delegate.EnumerateInvocationList(subscribers))
        {
            try
            {
                subscriber(argument);
            }
            catch (Exception e)
            {
                logger.CallerNameResultFailed(idInstance, e);
            }
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
