using System.Collections.Concurrent;
using IncomingCalls.Inboxes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>The names of callers: cached, and asked for once at a time per caller.</summary>
internal sealed class CallerNames(
    IServiceScopeFactory scopes,
    ILastResortNames lastResort,
    LastValid<IncomingCallsOptions> options,
    TimeProvider time,
    ILogger<CallerNames> logger,
    IHostApplicationLifetime? lifetime = null)
{
    /// <summary>Callers of a busy day; an entry takes about 200 bytes.</summary>
    private const int Capacity = 20_000;

    /// <summary>One instance answers one look-up a second, so more than these would be answered when nobody waits any more.</summary>
    private const int MaxUnderWay = 10_000;

    private readonly ExpiringMemory<(long, ChatId), CallerName?> _known = new(time, () => Capacity);
    private readonly ConcurrentDictionary<(long, ChatId), NameLookUp> _underWay = new();
    private int _asking;

    /// <summary>Raised when somebody has told a name.</summary>
    public event Action<KeptCallerName>? Found;

    /// <summary>Takes back names that were found before.</summary>
    public void Recall(KeptCallerName kept)
    {
        var left = kept.ExpiresAt - time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            _known.Set((kept.IdInstance, kept.ChatId), kept.Name, left);
        }
    }

    /// <summary>The caller with the name that is known at this moment.</summary>
    public Caller Known(long idInstance, Caller caller) =>
        caller.Name is null && caller.ChatId is { } chatId && _known.TryGet((idInstance, chatId), out var name)
            ? Named(caller, name)
            : caller;

    /// <summary>The caller with a name, if anybody knows one. Never fails, except by cancellation of the wait.</summary>
    public async ValueTask<Caller> FindAsync(long idInstance, Caller caller, bool isRinging, CancellationToken cancellationToken)
    {
        if (caller.Name is not null || caller.ChatId is not { Kind: not ChatIdKind.Group } chatId)
        {
            return caller;
        }

        var key = (idInstance, chatId);
        if (!_known.TryGet(key, out var name))
        {
            if (Volatile.Read(ref _asking) >= MaxUnderWay && !_underWay.ContainsKey(key))
            {
                return caller;
            }

            var query = new CallerNameQuery { IdInstance = idInstance, ChatId = chatId, IsRinging = isRinging };
            var lookUp = _underWay.GetOrAdd(key, _ => new(query, () => AskAsync(key, query)));
            if (isRinging)
            {
                // It may have begun for an old record, at the end of the line.
                lookUp.Query.Ring();
            }

            name = await lookUp.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return Named(caller, name);
    }

    private static Caller Named(Caller caller, CallerName? name) =>
        name is null ? caller : caller with { Name = name.Name, NameSource = name.Source };

    private async Task<CallerName?> AskAsync((long, ChatId) key, CallerNameQuery query)
    {
        Interlocked.Increment(ref _asking);
        // Nothing of a resolver runs on the caller's thread: an alert is on its way there.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var scope = scopes.CreateAsyncScope();
            await using var disposal = scope.ConfigureAwait(false);
            var (name, failed) = await AskChainAsync(scope.ServiceProvider, query).ConfigureAwait(false);
            if (name is not null || !failed)
            {
                var lifetime = name is null or { IsStandIn: true } ? options.CurrentValue.NoNameLifetime : options.CurrentValue.NameLifetime;
                _known.Set(key, name, lifetime);
                if (name is not null)
                {
                    Found?.Invoke(new() { IdInstance = key.Item1, ChatId = key.Item2, Name = name, ExpiresAt = time.GetUtcNow() + lifetime });
                }
            }

            return name;
        }
        catch (Exception e)
        {
            logger.NameChainFailed(e);
            return null;
        }
        finally
        {
            _underWay.TryRemove(key, out _);
            Interlocked.Decrement(ref _asking);
        }
    }

    private async Task<(CallerName? Name, bool Failed)> AskChainAsync(IServiceProvider services, CallerNameQuery query)
    {
        var failed = false;
        var stopping = lifetime?.ApplicationStopping ?? CancellationToken.None;
        var chain = services.GetServices<ICallerNameResolver>()
            .Select(static resolver => ((resolver as INamedResolver)?.Name ?? resolver.GetType().Name, Ask: (Func<CallerNameQuery, CancellationToken, ValueTask<CallerName?>>)resolver.ResolveAsync))
            .Append((ICallerNameResolver.LastResort, lastResort.AskAsync));
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
                logger.NameResolverFailed(who, query.ChatId, e);
            }
        }

        return (null, failed);
    }
}
