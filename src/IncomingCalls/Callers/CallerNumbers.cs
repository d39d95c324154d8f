using IncomingCalls.Inbox;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;

namespace IncomingCalls.Callers;

/// <summary>
/// Looks up and caches the phone numbers of callers with linked ids. They are found independently of names: the host may know the name, and the name
/// may come minutes later. Thread-safe.
/// </summary>
internal sealed class CallerNumbers(CallerNameChain chain, LastKnownGoodOptions<IncomingCallsOptions> options, TimeProvider time)
{
    /// <summary>As many as names, see <see cref="CallerNameService"/>.</summary>
    private const int Capacity = 20_000;

    private readonly ExpiringCache<(long, ChatId), string?> _cache = new(time, () => Capacity);

    /// <summary>The callers whose last lookup has just failed.</summary>
    private readonly ExpiringCache<(long, ChatId), bool> _failed = new(time, () => Capacity);

    /// <summary>Whether the phone number of a caller may have to be looked up.</summary>
    public bool CanHaveNumber(ChatId chatId) => chatId.Kind == ChatIdKind.Lid && chain.HasNumberResolvers;

    /// <summary>Whether the number is cached, or that there is none.</summary>
    public bool IsCached((long IdInstance, ChatId ChatId) key) => _cache.TryGet(key, out _);

    /// <summary>Finds the cached number.</summary>
    public string? Find((long IdInstance, ChatId ChatId) key) => _cache.TryGet(key, out var number) ? number : null;

    /// <summary>Gets what is known about a number.</summary>
    /// <param name="key">The caller.</param>
    /// <param name="isPending">Whether a lookup of the caller is pending.</param>
    public CallerNameStatus GetStatus((long IdInstance, ChatId ChatId) key, bool isPending) =>
        IsCached(key) ? CallerNameStatus.Known
        : _failed.TryGet(key, out _) ? CallerNameStatus.Unavailable
        : isPending || chain.CanQueryNumber(key.IdInstance) ? CallerNameStatus.Unknown
        : CallerNameStatus.Unavailable;

    /// <summary>Adds a result that was stored before a restart to the cache, unless it has expired.</summary>
    public void Restore(CachedCallerNumber cached)
    {
        var lifetime = cached.ExpiresAt - time.GetUtcNow();
        if (lifetime > TimeSpan.Zero && cached.ChatId.Kind == ChatIdKind.Lid)
        {
            _cache.Set((cached.IdInstance, cached.ChatId), ChatIdFormat.ParsePhoneNumber(cached.PhoneNumber), lifetime);
        }
    }

    /// <summary>Looks up a number that is not cached, and caches the result.</summary>
    /// <returns>A task whose result is what was found out; null when the lookup has failed, or when the number was cached.</returns>
    public async Task<CachedCallerNumber?> LookUpAsync(CallerNameQuery query, CancellationToken stopping)
    {
        var key = (query.IdInstance, query.ChatId);
        if (!CanHaveNumber(query.ChatId) || IsCached(key))
        {
            return null;
        }

        var result = await chain.QueryNumberAsync(query).ConfigureAwait(false);
        if (result.HasFailed)
        {
            // When the host stops, there is no answer: what waits for the number is left to the next start.
            if (!stopping.IsCancellationRequested)
            {
                _failed.Set(key, true, options.CurrentValue.CallerNameWait);
            }

            return null;
        }

        var number = result.Value?.PhoneNumber is { } found && !ChatIdFormat.IsIdAsPhoneNumber(query.ChatId.Value, found) ? found : null;
        var lifetime = result.Value?.CacheDuration ?? options.CurrentValue.MissingCallerNameCacheDuration;
        _cache.Set(key, number, lifetime);
        return result.Value is null ? null : new() { IdInstance = query.IdInstance, ChatId = query.ChatId, PhoneNumber = number, ExpiresAt = time.GetUtcNow() + lifetime };
    }
}
