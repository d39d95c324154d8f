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

/// <summary>Looks up and caches the names and phone numbers of callers, with at most one lookup per caller at a time. Thread-safe.</summary>
internal sealed class CallerNameService
{
    /// <summary>The maximum number of cached names: the callers of a busy day. An entry takes about 200 bytes.</summary>
    private const int Capacity = 20_000;

    /// <summary>The maximum number of pending lookups. An instance answers one lookup per second, so further lookups would complete after every wait for them has timed out.</summary>
    private const int MaxConcurrentLookups = 10_000;

    private readonly LastKnownGoodOptions<IncomingCallsOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly CallerNameChain _chain;
    private readonly CallerNumbers _numbers;
    private readonly ExpiringCache<(long, ChatId), CallerName?> _cache;

    /// <summary>The callers whose last lookup has just ended without a name. The absence of a name is cached for another time, or not at all.</summary>
    private readonly ExpiringCache<(long, ChatId), bool> _endedWithoutName;
    private readonly ConcurrentDictionary<(long, ChatId), CallerNameLookup> _lookups = new();
    private int _lookupCount;

    public CallerNameService(
        IServiceScopeFactory scopes,
        IFallbackCallerNameResolver fallback,
        LastKnownGoodOptions<IncomingCallsOptions> options,
        TimeProvider time,
        ILogger<CallerNameService> logger,
        IHostApplicationLifetime? lifetime = null,
        IServiceProviderIsService? services = null)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _stopping = lifetime?.ApplicationStopping ?? CancellationToken.None;
        _chain = new(scopes, fallback, time, logger, lifetime, services);
        _numbers = new(_chain, options, time);
        _cache = new(time, () => Capacity);
        _endedWithoutName = new(time, () => Capacity);
    }

    /// <summary>Raised when a lookup has found a name, so that a store can keep it.</summary>
    public event Action<CachedCallerName>? NameFound;

    /// <summary>Raised when the lookup of a phone number has a result, so that a store can keep it.</summary>
    public event Action<CachedCallerNumber>? NumberFound;

    /// <summary>Raised when a lookup has ended, with a name and a number or without, after the cache was updated.</summary>
    public event Action<CallerNameLookupEnded>? LookupEnded;

    /// <summary>Adds a name that was stored before a restart to the cache, unless it has expired. A number without a name does not say that there is no name.</summary>
    public void Restore(CachedCallerName cached)
    {
        var lifetime = cached.ExpiresAt - _time.GetUtcNow();
        if (lifetime > TimeSpan.Zero && VisibleText.TrimToNull(cached.Name.Name) is not null)
        {
            _cache.Set((cached.IdInstance, cached.ChatId), cached.Name, lifetime);
        }
    }

    /// <summary>Adds the result of a lookup of a phone number that was stored before a restart to the cache, unless it has expired.</summary>
    public void RestoreNumber(CachedCallerNumber cached) => _numbers.Restore(cached);

    /// <summary>Adds the name and the phone number from the cache to a caller, as far as they are known.</summary>
    public Caller WithKnownDetails(long idInstance, Caller caller) =>
        FindChatId(caller) is { } chatId
            ? WithDetails(caller, _cache.TryGet((idInstance, chatId), out var name) ? name : null, _numbers.Find((idInstance, chatId)))
            : caller;

    /// <summary>Gets what is known about the name and the phone number of a caller. Starts no lookup.</summary>
    public CallerNameStatus GetStatus(long idInstance, Caller caller)
    {
        if (FindChatId(caller) is not { } chatId)
        {
            return CallerNameStatus.NotNeeded;
        }

        var key = (idInstance, chatId);
        var isPending = _lookups.ContainsKey(key);
        var name = GetNameStatus(key, caller, isPending);
        var number = !NeedsNumber(key, caller) ? CallerNameStatus.Known
            : IsFull && !isPending ? CallerNameStatus.Unavailable
            : _numbers.GetStatus(key, isPending);
        return name == CallerNameStatus.Unknown || number == CallerNameStatus.Unknown ? CallerNameStatus.Unknown
            : name == CallerNameStatus.Known && number == CallerNameStatus.Known ? CallerNameStatus.Known
            : CallerNameStatus.Unavailable;
    }

    /// <summary>
    /// Starts a lookup without waiting for it, or joins the pending one. <see cref="LookupEnded"/> reports its end. Starts none when none is
    /// needed, or when too many are pending.
    /// </summary>
    /// <param name="idInstance">The instance that was called.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="isRinging">Whether the call is ringing, see <see cref="CallerNameQuery.IsRinging"/>. Applies to a pending lookup too.</param>
    public void StartLookup(long idInstance, Caller caller, bool isRinging)
    {
        if (FindChatId(caller) is { } chatId && NeedsLookup((idInstance, chatId), caller))
        {
            _ = JoinOrStart((idInstance, chatId), isRinging);
        }
    }

    /// <summary>Adds the name and the phone number to a caller, from the cache or by a lookup. Fails only if the wait is cancelled.</summary>
    public async ValueTask<Caller> ResolveAsync(long idInstance, Caller caller, bool isRinging, CancellationToken cancellationToken) =>
        FindLookup(idInstance, caller, isRinging) is { } lookup
            ? WithDetails(caller, await lookup.Result.WaitAsync(cancellationToken).ConfigureAwait(false), number: null)
            : WithKnownDetails(idInstance, caller);

    /// <summary>Starts or joins the lookup of a caller who is displayed while it is pending.</summary>
    public PendingCaller Resolve(long idInstance, Caller caller)
    {
        if (FindLookup(idInstance, caller, isRinging: true) is not { } lookup)
        {
            return new() { PartlyEnded = Task.CompletedTask, Result = Task.FromResult(WithKnownDetails(idInstance, caller)) };
        }

        return new() { PartlyEnded = lookup.PartlyEnded, Result = WaitAsync(lookup, caller) };

        static async Task<Caller> WaitAsync(CallerNameLookup lookup, Caller caller) => WithDetails(caller, await lookup.Result.ConfigureAwait(false), number: null);
    }

    /// <summary>Joins or starts the lookup that a caller needs.</summary>
    /// <returns>The lookup; null when none is needed, or when too many are pending.</returns>
    private CallerNameLookup? FindLookup(long idInstance, Caller caller, bool isRinging) =>
        FindChatId(caller) is { } chatId && NeedsLookup((idInstance, chatId), caller) ? JoinOrStart((idInstance, chatId), isRinging) : null;

    /// <summary>Finds the chat id of a caller who needs a name or a phone number.</summary>
    private static ChatId? FindChatId(Caller caller) =>
        caller.ChatId is { Kind: not ChatIdKind.Group } chatId && (caller.Name is null || caller.PhoneNumber is null) ? chatId : null;

    private bool NeedsLookup((long, ChatId) key, Caller caller) =>
        (caller.Name is null && !_cache.TryGet(key, out _)) || (NeedsNumber(key, caller) && !_numbers.IsCached(key));

    /// <summary>Whether the phone number of a caller is to be looked up, as far as a name does not bring it.</summary>
    private bool NeedsNumber((long, ChatId ChatId) key, Caller caller) =>
        caller.PhoneNumber is null && _numbers.CanHaveNumber(key.ChatId) && !(_cache.TryGet(key, out var name) && name?.PhoneNumber is not null);

    private CallerNameStatus GetNameStatus((long IdInstance, ChatId) key, Caller caller, bool isPending) =>
        caller.Name is not null || _cache.TryGet(key, out _) ? CallerNameStatus.Known
        : _endedWithoutName.TryGet(key, out _) ? CallerNameStatus.Unavailable
        : isPending ? CallerNameStatus.Unknown
        : IsFull || !_chain.CanQuery(key.IdInstance) ? CallerNameStatus.Unavailable
        : CallerNameStatus.Unknown;

    private static Caller WithDetails(Caller caller, CallerName? found, string? number)
    {
        var named = caller.Name is null && VisibleText.TrimToNull(found?.Name) is not null ? caller with { Name = found!.Name, NameSource = found.Source } : caller;
        return named.PhoneNumber is null && (found?.PhoneNumber ?? number) is { } known && !ChatIdFormat.IsIdAsPhoneNumber(caller.ChatId!.Value.Value, known)
            ? named with { PhoneNumber = known }
            : named;
    }

    private bool IsFull => Volatile.Read(ref _lookupCount) >= MaxConcurrentLookups;

    /// <summary>Joins the pending lookup of a caller, or starts one.</summary>
    /// <returns>The lookup, which runs; null when too many are pending.</returns>
    private CallerNameLookup? JoinOrStart((long IdInstance, ChatId ChatId) key, bool isRinging)
    {
        if (!_lookups.TryGetValue(key, out var lookup))
        {
            if (IsFull)
            {
                return null;
            }

            var query = new CallerNameQuery { IdInstance = key.IdInstance, ChatId = key.ChatId, IsRinging = isRinging };
            lookup = _lookups.GetOrAdd(key, _ => new(query, started => LookUpAsync(key, started)));
        }

        if (isRinging)
        {
            // The lookup may have been started with low priority, for the record of an old call.
            lookup.Query.MarkRinging();
        }

        _ = lookup.Result;
        return lookup;
    }

    private async Task<CallerName?> LookUpAsync((long IdInstance, ChatId ChatId) key, CallerNameLookup lookup)
    {
        Interlocked.Increment(ref _lookupCount);
        // The code of a resolver must not run on the thread of the caller of this method, which may be delivering an alert.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        CallerName? name = null;
        string? number = null;
        CachedCallerName? found = null;
        try
        {
            // The previous lookup of the caller may have ended after the cache was read and before this lookup was added.
            var isNameCached = _cache.TryGet(key, out name);
            var answer = isNameCached ? default : await _chain.QueryHostAsync(lookup.Query).ConfigureAwait(false);
            // The number is looked up while the name waits for its slower requests. A number that the host knows is not requested.
            var pendingNumber = (name?.PhoneNumber ?? answer.PhoneNumber) is null ? LookUpNumberAsync(key, lookup) : Task.FromResult<string?>(null);
            if (!isNameCached)
            {
                answer = answer.Name is null ? answer.Then(await _chain.QueryFallbackAsync(lookup.Query).ConfigureAwait(false)) : answer;
                // When the host stops, there is no answer: what waits for the name is left to the next start.
                found = answer.Name is null && _stopping.IsCancellationRequested ? null : Cache(key, answer);
                name = answer.ToName();
                EndPartly(lookup, name is not null);
            }

            number = await pendingNumber.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _logger.CallerNameResultFailed(key.IdInstance, e);
        }
        finally
        {
            // Before the events, so that a subscriber can start another lookup.
            _lookups.TryRemove(key, out _);
            Interlocked.Decrement(ref _lookupCount);
            lookup.EndPartly();
            RaiseEvents(key, name, found);
        }

        return number is null || name?.PhoneNumber is not null ? name : new() { Name = name?.Name ?? "", Source = name?.Source ?? "", PhoneNumber = number };
    }

    /// <summary>Looks up the phone number, or finds it in the cache.</summary>
    private async Task<string?> LookUpNumberAsync((long IdInstance, ChatId ChatId) key, CallerNameLookup lookup)
    {
        if (await _numbers.LookUpAsync(lookup.Query, _stopping).ConfigureAwait(false) is { } found)
        {
            EndPartly(lookup, found.PhoneNumber is not null);
            Raise(NumberFound, found, key.IdInstance);
        }

        return _numbers.Find(key);
    }

    private static void EndPartly(CallerNameLookup lookup, bool isFound)
    {
        if (isFound)
        {
            lookup.EndPartly();
        }
    }

    /// <summary>Caches the answer, or that the lookup has failed.</summary>
    /// <returns>The found name; null when there is none.</returns>
    private CachedCallerName? Cache((long IdInstance, ChatId ChatId) key, CallerNameAnswer answer)
    {
        var current = _options.CurrentValue;
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
        var name = answer.ToName();
        _cache.Set(key, name, lifetime);
        return name is null ? null : new()
        {
            IdInstance = key.IdInstance,
            ChatId = key.ChatId,
            Name = name,
            ExpiresAt = _time.GetUtcNow() + lifetime,
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
                _logger.CallerNameResultFailed(idInstance, e);
            }
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
