using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;

namespace IncomingCalls.Inbox.InMemory;

/// <summary>The values of handlers in memory. As many as calls; above that the oldest are dropped.</summary>
internal sealed class InMemoryHandlerValues(LastKnownGoodOptions<IncomingCallsOptions> options, TimeProvider time) : IHandlerValueStore
{
    /// <summary>Longer than a process runs; a time of expiry may be that of the end of the calendar.</summary>
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(3650);

    private readonly Lock _gate = new();

    /// <summary>A reservation is a null.</summary>
    private readonly ExpiringCache<(string Handler, HandlerKey Key), string?> _values = new(time, () => options.CurrentValue.InMemory.MaxCalls);

    public ValueTask<string?> GetAsync(HandlerAttempt attempt, HandlerKey key, CancellationToken cancellationToken) =>
        new(_values.TryGet((attempt.HandlerName, key), out var value) ? value : null);

    public ValueTask SaveAsync(HandlerAttempt attempt, HandlerKey key, string value, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _values.Set((attempt.HandlerName, key), value, expiresAt is { } at ? GetLifetime(at) : IHandlerValueStore.DefaultLifetime);
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask<bool> TryReserveAsync(HandlerAttempt attempt, HandlerKey key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_values.TryGet((attempt.HandlerName, key), out _))
            {
                return new(false);
            }

            _values.Set((attempt.HandlerName, key), null, GetLifetime(until));
            return new(true);
        }
    }

    private TimeSpan GetLifetime(DateTimeOffset expiresAt) => expiresAt - time.GetUtcNow() is var lifetime && lifetime < MaxLifetime ? lifetime : MaxLifetime;
}
