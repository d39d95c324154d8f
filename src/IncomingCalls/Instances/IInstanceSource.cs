using Microsoft.Extensions.Primitives;

namespace IncomingCalls;

/// <summary>
/// Provides the instances of the host, for example from its database. Polling, caller names, scenarios and webhook tokens follow
/// its changes while the host runs.
/// </summary>
/// <remarks>A singleton; implementations must be thread-safe. If the source throws, the last known instances stay in use, and it is read again.</remarks>
public interface IInstanceSource
{
    /// <summary>
    /// Whether the source knows all instances of the host, so that notifications of other instances are refused.
    /// </summary>
    /// <value>Default: true.</value>
    bool IsComplete => true;

    /// <summary>
    /// Whether this source allows a webhook endpoint to start without a token of its own, because its instances have tokens
    /// (<see cref="CallInstance.WebhookTokens"/>) or are all polled.
    /// </summary>
    /// <value>Default: true.</value>
    bool IsWebhookTokenOptional => true;

    /// <summary>
    /// Gets all instances. An instance that is no longer listed is drained and no longer polled. An empty list is valid. The objects can
    /// be new each time: an instance counts as changed if one of its properties differs.
    /// </summary>
    /// <param name="cancellationToken">The token that is cancelled when the host stops.</param>
    /// <returns>A task whose result is the list of instances.</returns>
    ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken);

    /// <summary>Finds one instance. Called when a notification belongs to an instance that <see cref="GetAllAsync"/> did not list.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result is the instance, or null if it is unknown.</returns>
    ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken);

    /// <summary>Gets a change token for the result of <see cref="GetAllAsync"/>.</summary>
    /// <returns>A token that is signalled when the result has changed. Return a new token after each change.</returns>
    IChangeToken Watch();
}
