using Microsoft.Extensions.Primitives;

namespace IncomingCalls;

/// <summary>
/// Tells which instances there are; the host's database, for example. Pollers, names, scenarios and webhook tokens follow its
/// changes while the host runs.
/// </summary>
/// <remarks>A singleton, used from many threads. When it throws, the instances known so far stay, and it is asked again.</remarks>
public interface IInstanceSource
{
    /// <summary>
    /// Whether the host has no other instances than this source knows, so that the notifications of any other are refused.
    /// </summary>
    /// <value>Default: true.</value>
    bool IsComplete => true;

    /// <summary>
    /// Whether a webhook endpoint may start without a token of its own as far as this source goes: its instances bring theirs
    /// (<see cref="CallInstance.WebhookTokens"/>), or all of them are polled.
    /// </summary>
    /// <value>Default: true.</value>
    bool IsWebhookTokenOptional => true;

    /// <summary>
    /// All instances. A removed one is drained and no longer polled; none at all is valid. They may be new objects each time: one counts as
    /// changed when a property differs.
    /// </summary>
    /// <param name="cancellationToken">Signalled when the host stops.</param>
    /// <returns>The instances.</returns>
    ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken);

    /// <summary>One instance, asked when a notification names an instance that <see cref="GetAllAsync"/> did not list.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <param name="cancellationToken">Signalled when the host stops.</param>
    /// <returns>The instance, or null when it is unknown.</returns>
    ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken);

    /// <summary>A token that is signalled when <see cref="GetAllAsync"/> would answer something else.</summary>
    /// <returns>The token.</returns>
    IChangeToken Watch();
}
