using IncomingCalls;

namespace Guides.Adapters;

#region portals
/// <summary>The table of your application with the portals of its customers. The tokens are secrets: encrypt them.</summary>
internal interface ICrmPortals
{
    /// <summary>Finds the portal that an instance belongs to; null for none. From memory, since it runs before a notification is acknowledged.</summary>
    CrmPortal? Find(long idInstance);

    /// <summary>Reads the tokens of a portal; null when it is not connected.</summary>
    Task<CrmTokens?> ReadTokensAsync(CrmPortal portal, CancellationToken cancellationToken);

    /// <summary>Stores the tokens of a portal; they are durable when the task completes.</summary>
    Task SaveTokensAsync(CrmPortal portal, CrmTokens tokens, CancellationToken cancellationToken);

    /// <summary>Waits until no other attempt, on any node, refreshes the tokens of a portal, and keeps the others out until the result is disposed of: a lock of your database.</summary>
    Task<IAsyncDisposable> LockTokensAsync(CrmPortal portal, CancellationToken cancellationToken);
}

internal sealed record CrmPortal(string Name, Uri Url, bool CreatesContacts = false)
{
    // What operators see in the list of pauses. It contains no secret.
    public string Destination => $"crm:{Name}";

    public DestinationUnavailableException Unavailable(string reason, Exception? cause = null) => new(Destination, message: reason, innerException: cause);
}

internal sealed class CrmTokens(string accessToken, string refreshToken)
{
    public string AccessToken => accessToken;
    public string RefreshToken => refreshToken;
}
#endregion
