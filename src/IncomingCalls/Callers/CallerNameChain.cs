using IncomingCalls.Calls;
using IncomingCalls.Inbox;
using IncomingCalls.Infrastructure;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Callers;

/// <summary>
/// Calls the resolvers of the host one after the other, and then the fallback resolvers, until one of them has a name, and the resolvers of phone
/// numbers. A resolver that fails is skipped for a time, see <see cref="CallerNameCircuit"/>.
/// </summary>
internal sealed class CallerNameChain(
    IServiceScopeFactory scopes,
    IFallbackCallerNameResolver fallback,
    TimeProvider time,
    ILogger logger,
    IHostApplicationLifetime? lifetime,
    IServiceProviderIsService? services)
{
    /// <summary>
    /// The timeout of a resolver of the host. As long as that of a handler; the call has then rung for half a minute, and the wait of
    /// chat records is over.
    /// </summary>
    private static readonly TimeSpan ResolverTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The timeout of the fallback resolvers, in which a query waits for the rate limit of its instance: for 17 minutes behind 1,000 others
    /// at one request per second.
    /// </summary>
    private static readonly TimeSpan FallbackTimeout = TimeSpan.FromMinutes(30);

    /// <summary>The positions of the circuits that are not those of a resolver of the host, which count from 0.</summary>
    private const int FallbackPosition = -1;
    private const int CreationPosition = -2;
    private const int NumberPosition = -3;

    private readonly CallerNameCircuits _circuits = new(time);
    private readonly bool _hasHostResolvers = services?.IsService(typeof(ICallerNameResolver)) ?? true;
    private readonly bool _hasFallbackResolvers = fallback is not LocalFallbackCallerNameResolver { HasResolvers: false };

    // Not known before the resolvers of the host are created for the first time.
    private volatile int _hostResolverCount = -1;

    /// <summary>Whether at least one resolver exists and is not paused for the instance.</summary>
    public bool CanQuery(long idInstance) => CanQueryFallback(idInstance) || CanQueryHost(idInstance);

    /// <summary>Whether there are resolvers of phone numbers.</summary>
    public bool HasNumberResolvers { get; } = fallback is not LocalFallbackCallerNameResolver { HasNumberResolvers: false };

    /// <summary>Whether the resolvers of phone numbers are not paused for the instance.</summary>
    public bool CanQueryNumber(long idInstance) => HasNumberResolvers && !_circuits.IsPaused(idInstance, NumberPosition);

    /// <summary>Queries the resolvers of the host. Does not throw.</summary>
    public Task<CallerNameAnswer> QueryHostAsync(CallerNameQuery query) =>
        // No scope is created while every resolver of the host is paused.
        !_hasHostResolvers ? Task.FromResult(default(CallerNameAnswer))
        : CanQueryHost(query.IdInstance) ? QueryHostAsync(query, firstPosition: 0, Stopping)
        : Task.FromResult(CallerNameAnswer.Failed);

    /// <summary>Queries the fallback resolvers. Does not throw.</summary>
    public async Task<CallerNameAnswer> QueryFallbackAsync(CallerNameQuery query) => _hasFallbackResolvers
        ? CallerNameAnswer.From(await RunAsync(FallbackPosition, ICallerNameResolver.FallbackKey, fallback.ResolveAsync, FallbackTimeout, query, Stopping).ConfigureAwait(false))
        : default;

    /// <summary>Queries the resolvers of phone numbers. Does not throw.</summary>
    public Task<ResolverResult<CallerNumber>> QueryNumberAsync(CallerNameQuery query) =>
        RunAsync(NumberPosition, nameof(ICallerNumberResolver), fallback.ResolveNumberAsync, FallbackTimeout, query, Stopping);

    private CancellationToken Stopping => lifetime?.ApplicationStopping ?? CancellationToken.None;

    private bool CanQueryFallback(long idInstance) => _hasFallbackResolvers && !_circuits.IsPaused(idInstance, FallbackPosition);

    private bool CanQueryHost(long idInstance) =>
        _hasHostResolvers
        && !_circuits.IsPaused(idInstance, CreationPosition)
        && (_hostResolverCount is not (>= 0 and var count) || Enumerable.Range(0, count).Any(position => !_circuits.IsPaused(idInstance, position)));

    /// <summary>Queries the resolvers of the host in one scope.</summary>
    private async Task<CallerNameAnswer> QueryHostAsync(CallerNameQuery query, int firstPosition, CancellationToken stopping)
    {
        var circuit = _circuits.GetOrAdd(query.IdInstance, CreationPosition);
        if (stopping.IsCancellationRequested || circuit.TryEnter() is not { } pass)
        {
            return CallerNameAnswer.Failed;
        }

        var answer = default(CallerNameAnswer);
        var position = firstPosition;
        var isLast = true;
        try
        {
            var scope = scopes.CreateAsyncScope();
            try
            {
                var resolvers = scope.ServiceProvider.GetServices<ICallerNameResolver>().ToArray();
                _hostResolverCount = resolvers.Length;
                circuit.Close(pass);
                while (position < resolvers.Length && answer is { Name: null, Abandoned: null })
                {
                    var resolver = resolvers[position];
                    var name = (resolver as INamedCallerNameResolver)?.Name ?? resolver.GetType().Name;
                    answer = answer.Then(CallerNameAnswer.From(await RunAsync(position++, name, resolver.ResolveAsync, ResolverTimeout, query, stopping).ConfigureAwait(false)));
                }

                isLast = position == resolvers.Length;
            }
            finally
            {
                await DisposeAsync(scope, answer.Abandoned).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            answer = answer with { IsIncomplete = true };
            if (circuit.Open(pass) is { } pause)
            {
                logger.CallerNameResolversFailed(query.IdInstance, ToSeconds(pause), e);
            }
        }

        // The abandoned resolver may still use its scope, so the resolvers after it get a new one.
        return answer is { Name: null, Abandoned: not null } && !isLast
            ? answer.Then(await QueryHostAsync(query, position, stopping).ConfigureAwait(false))
            : answer;
    }

    /// <summary>Queries one resolver, unless its circuit is open. Waits no longer than the timeout, even if the resolver ignores its token.</summary>
    private async Task<ResolverResult<T>> RunAsync<T>(
        int position,
        string resolverName,
        Func<CallerNameQuery, CancellationToken, ValueTask<T?>> resolve,
        TimeSpan timeout,
        CallerNameQuery query,
        CancellationToken stopping)
        where T : class
    {
        var circuit = _circuits.GetOrAdd(query.IdInstance, position);
        if (stopping.IsCancellationRequested || circuit.TryEnter() is not { } pass)
        {
            return new() { HasFailed = true };
        }

        using var timer = new CancellationTokenSource(timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, pass.Opened, timer.Token);
        // On another thread, because a resolver may block its thread.
        var running = Task.Run(() => resolve(query, end.Token).AsTask(), CancellationToken.None);
        try
        {
            var value = await running.WaitAsync(end.Token).ConfigureAwait(false);
            circuit.Close(pass);
            return new() { Value = value };
        }
        catch (CallerNameUnavailableException)
        {
            circuit.Leave(pass);
        }
        catch (Exception) when (stopping.IsCancellationRequested || pass.Opened.IsCancellationRequested)
        {
            circuit.Leave(pass);
        }
        catch (Exception e)
        {
            var failure = timer.IsCancellationRequested ? new TimeoutException($"There was no result within {timeout.TotalSeconds} s.") : e;
            if (circuit.Open(pass) is { } pause)
            {
                logger.CallerNameResolverFailed(resolverName, query.IdInstance, ToSeconds(pause), failure.GetType().Name, ErrorText.Create(failure.Message));
            }
        }

        _ = ObserveAsync(running);
        return new() { HasFailed = true, Abandoned = running.IsCompleted ? null : running };
    }

    private static async Task ObserveAsync(Task running) => await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Disposes of a scope, after an abandoned resolver that uses it has completed.</summary>
    private static ValueTask DisposeAsync(AsyncServiceScope scope, Task? abandoned)
    {
        if (abandoned is null)
        {
            return scope.DisposeAsync();
        }

        _ = DisposeLaterAsync(scope, abandoned);
        return default;
    }

    private static async Task DisposeLaterAsync(AsyncServiceScope scope, Task abandoned)
    {
        await ObserveAsync(abandoned).ConfigureAwait(false);
        await scope.DisposeAsync().ConfigureAwait(false);
    }

    private static long ToSeconds(TimeSpan pause) => Math.Max(1, (long)Math.Round(pause.TotalSeconds));
}

/// <summary>The result of one resolver.</summary>
internal readonly record struct ResolverResult<T>
    where T : class
{
    /// <summary>The result; null when the resolver has none.</summary>
    public T? Value { get; init; }

    /// <summary>Whether the resolver was skipped or has failed.</summary>
    public bool HasFailed { get; init; }

    /// <summary>The call of the resolver if it was abandoned because it did not end in time.</summary>
    public Task? Abandoned { get; init; }
}

/// <summary>The answer of a resolver, or of all resolvers.</summary>
internal readonly record struct CallerNameAnswer
{
    public static CallerNameAnswer Failed { get; } = new() { IsIncomplete = true };

    /// <summary>The name, which has a visible character; null when there is none.</summary>
    public CallerName? Name { get; init; }

    /// <summary>The phone number; null when no resolver has returned one.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>Whether a resolver before the name was skipped or has failed. It may have another name, or a name at all.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>The call of the last resolver if it was abandoned because it did not end in time.</summary>
    public Task? Abandoned { get; init; }

    /// <summary>Creates the name with the phone number, whose text is empty if only the number is known; null when neither is.</summary>
    public CallerName? ToName() => PhoneNumber is null || Name?.PhoneNumber is not null
        ? Name
        : new() { Name = Name?.Name ?? "", Source = Name?.Source ?? "", IsFallback = Name?.IsFallback ?? false, PhoneNumber = PhoneNumber };

    /// <summary>Adds the answer of the resolvers that were called next.</summary>
    public CallerNameAnswer Then(CallerNameAnswer next) => next with
    {
        Name = Name ?? next.Name,
        PhoneNumber = PhoneNumber ?? next.PhoneNumber,
        IsIncomplete = IsIncomplete || next.IsIncomplete,
    };

    /// <summary>Creates the answer of one resolver.</summary>
    public static CallerNameAnswer From(ResolverResult<CallerName> result) => new()
    {
        Name = VisibleText.TrimToNull(result.Value?.Name) is null ? null : result.Value,
        PhoneNumber = result.Value?.PhoneNumber,
        IsIncomplete = result.HasFailed,
        Abandoned = result.Abandoned,
    };
}
