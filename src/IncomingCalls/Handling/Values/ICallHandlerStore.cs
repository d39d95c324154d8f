namespace IncomingCalls;

/// <summary>
/// A small key/value store of each handler in the inbox, for what an attempt must know about the ones before it: the id of a record that it has created, or that a request was
/// made that must not be repeated. Inject it into a handler, a recorder, a notifier or a filter; it is a scoped service of each attempt.
/// </summary>
/// <remarks>
/// <para>
/// A value is durable when <see cref="SaveAsync(HandlerKey, string, DateTimeOffset?, CancellationToken)"/> completes, long before the attempt ends, so that the next attempt finds it
/// even if the process is killed in between. With the in-memory inbox the values are in memory. Handlers with different names have separate values.
/// </para>
/// <para>
/// The store is for ids and marks. It contains personal data only if you save some. A value that a dead letter left is found by its replay, also when the call itself is no longer stored.
/// </para>
/// <para>Thread-safe.</para>
/// </remarks>
public interface ICallHandlerStore
{
    /// <summary>Gets a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result is the value; null when there is none, when it has expired, or when the key is only reserved.</returns>
    /// <exception cref="InvalidOperationException">The code does not run in an attempt of a handler, or the attempt has ended.</exception>
    /// <exception cref="CallInboxUnavailableException">The inbox cannot be read.</exception>
    ValueTask<string?> GetAsync(HandlerKey key, CancellationToken cancellationToken);

    /// <summary>Saves a value for 45 days, and replaces an earlier value or reservation of the key.</summary>
    /// <inheritdoc cref="SaveAsync(HandlerKey, string, DateTimeOffset?, CancellationToken)"/>
    ValueTask SaveAsync(HandlerKey key, string value, CancellationToken cancellationToken) => SaveAsync(key, value, expiresAt: null, cancellationToken);

    /// <summary>Saves a value, and replaces an earlier value or reservation of the key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value: well-formed text without U+0000, at most 4,096 bytes as UTF-8.</param>
    /// <param name="expiresAt">
    /// When the value expires; null for 45 days from now. A value with a key of a call that has not expired when a delivery of the call becomes a dead letter is there again when the dead letter
    /// is replayed, for 45 days.
    /// </param>
    /// <param name="cancellationToken">Ends the wait. The value may be saved nevertheless.</param>
    /// <returns>A task that completes when the value is durable.</returns>
    /// <exception cref="ArgumentException">The value is too long or malformed; the message says what to do.</exception>
    /// <exception cref="InvalidOperationException">The code does not run in an attempt of a handler, or the attempt has ended: after its timeout nothing is saved.</exception>
    /// <exception cref="CallInboxUnavailableException">It is not known whether the value was saved.</exception>
    ValueTask SaveAsync(HandlerKey key, string value, DateTimeOffset? expiresAt, CancellationToken cancellationToken);

    /// <summary>
    /// Reserves a key, before a request that must not be repeated. Of several attempts that reserve a key, on any node, exactly one succeeds until the time has passed. A reservation is not
    /// taken back when the attempt fails.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="until">When the reservation expires, unless a value is saved under the key before.</param>
    /// <param name="cancellationToken">Ends the wait. The key may be reserved nevertheless.</param>
    /// <returns>A task whose result is true when the key is reserved by this call; false when it has a value or a reservation that has not expired.</returns>
    /// <exception cref="InvalidOperationException">
    /// The code does not run in an attempt of a handler, or the attempt has ended; or the value of the key was saved in the database transaction of the event, which is not committed yet.
    /// </exception>
    /// <exception cref="CallInboxUnavailableException">It is not known whether the key was reserved.</exception>
    ValueTask<bool> TryReserveAsync(HandlerKey key, DateTimeOffset until, CancellationToken cancellationToken);
}
