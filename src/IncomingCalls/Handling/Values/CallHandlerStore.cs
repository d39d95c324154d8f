using IncomingCalls.Inbox;

namespace IncomingCalls.Handling.Values;

/// <summary>The store of a handler during one attempt.</summary>
internal sealed class CallHandlerStore(CurrentAttempt current, IHandlerValueStore values) : ICallHandlerStore
{
    public ValueTask<string?> GetAsync(HandlerKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return CallAsync(attempt => values.GetAsync(attempt, key, cancellationToken));
    }

    public async ValueTask SaveAsync(HandlerKey key, string value, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        StorableText.RequireValue(value, nameof(value));
        await CallAsync(async attempt =>
        {
            await values.SaveAsync(attempt, key, value, expiresAt, cancellationToken).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    public ValueTask<bool> TryReserveAsync(HandlerKey key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return CallAsync(attempt => values.TryReserveAsync(attempt, key, until, cancellationToken));
    }

    private async ValueTask<T> CallAsync<T>(Func<HandlerAttempt, ValueTask<T>> call)
    {
        var attempt = current.Value ?? throw new InvalidOperationException(
            "There is no attempt of a handler here. Inject ICallHandlerStore into a handler, a recorder, a notifier or a filter, and not into a service of another scope.");
        attempt.BeginCall();
        try
        {
            return await call(attempt).ConfigureAwait(false);
        }
        finally
        {
            attempt.EndCall();
        }
    }
}

/// <summary>The attempt whose scope this is; a scoped service.</summary>
internal sealed class CurrentAttempt
{
    /// <summary>The attempt; null in a scope that is not that of an attempt.</summary>
    public HandlerAttempt? Value { get; set; }
}
