using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>
/// Stores the values of <see cref="ICallHandlerStore"/>. An inbox registers its own as a singleton, beside <see cref="ICallInbox"/>; without one the values are in memory.
/// </summary>
/// <remarks>
/// <para>
/// Keys and values are checked, and nothing is called once the attempt has ended: an attempt ends when its running calls have returned, or a few seconds later. Deliveries are settled after that.
/// </para>
/// <para>Implementations are thread-safe. Values are separate by the name of the handler.</para>
/// </remarks>
[Experimental("ICEXP001")]
public interface IHandlerValueStore
{
    /// <summary>How long a value is stored that a handler saves without a time: 45 days.</summary>
    static TimeSpan DefaultLifetime => TimeSpan.FromDays(45);

    /// <summary>Gets a value.</summary>
    /// <param name="attempt">The attempt of the handler.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result is the value; null when there is none that has not expired.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<string?> GetAsync(HandlerAttempt attempt, HandlerKey key, CancellationToken cancellationToken);

    /// <summary>Saves a value, and replaces an earlier value or reservation of the key. When the task completes, the value is durable.</summary>
    /// <param name="attempt">The attempt of the handler.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="expiresAt">When the value expires; null for <see cref="DefaultLifetime"/> from now.</param>
    /// <param name="cancellationToken">Ends the wait. The value may be saved nevertheless.</param>
    /// <returns>A task that completes when the value is durable.</returns>
    /// <exception cref="CallInboxUnavailableException">It is not known whether the value was saved.</exception>
    ValueTask SaveAsync(HandlerAttempt attempt, HandlerKey key, string value, DateTimeOffset? expiresAt, CancellationToken cancellationToken);

    /// <summary>Reserves a key that has neither a value nor a reservation, or only expired ones. It is atomic, and durable at once.</summary>
    /// <param name="attempt">The attempt of the handler.</param>
    /// <param name="key">The key.</param>
    /// <param name="until">When the reservation expires.</param>
    /// <param name="cancellationToken">Ends the wait. The key may be reserved nevertheless.</param>
    /// <returns>A task whose result is whether this call has reserved the key.</returns>
    /// <exception cref="CallInboxUnavailableException">It is not known whether the key was reserved.</exception>
    ValueTask<bool> TryReserveAsync(HandlerAttempt attempt, HandlerKey key, DateTimeOffset until, CancellationToken cancellationToken);
}
