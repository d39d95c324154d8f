using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Guides.Adapters;

#region access
/// <summary>Reads and refreshes the tokens of the portals. A singleton.</summary>
internal sealed class CrmAccess(ICrmPortals portals, IOptions<CrmOptions> options)
{
    public async Task<CrmTokens> ReadAsync(CrmPortal portal, CancellationToken cancellationToken) =>
        await portals.ReadTokensAsync(portal, cancellationToken) ?? throw portal.Unavailable("The portal is not connected.");

    /// <summary>Returns other tokens than those that the portal has refused. One refresh at a time for each portal.</summary>
    public async Task<CrmTokens> RefreshAsync(CrmPortal portal, CrmTokens refused, CrmSend send, CancellationToken cancellationToken)
    {
        await using var tokensLock = await portals.LockTokensAsync(portal, cancellationToken);
        var stored = await ReadAsync(portal, cancellationToken);
        if (stored.AccessToken != refused.AccessToken)
        {
            return stored; // Another attempt has refreshed them, or an administrator has connected the portal again.
        }

        // From here on not cancelled with the attempt: the answer has the only valid refresh token, and must be stored.
        var body = new { client_id = options.Value.ClientId, client_secret = options.Value.ClientSecret, grant_type = "refresh_token", refresh_token = stored.RefreshToken };
        using var response = await send(portal, HttpMethod.Post, "oauth/token", body, accessToken: null, CancellationToken.None);
        if ((int)response.StatusCode is 400 or 401)
        {
            throw portal.Unavailable("The portal has refused the refresh token. An administrator must connect it again.");
        }

        var pair = (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<TokenAnswer>(CancellationToken.None))!;
        var tokens = new CrmTokens(pair.AccessToken, pair.RefreshToken);
        await portals.SaveTokensAsync(portal, tokens, CancellationToken.None);
        return tokens;
    }

    private sealed record TokenAnswer(
        [property: JsonPropertyName("access_token"), JsonRequired] string AccessToken, [property: JsonPropertyName("refresh_token"), JsonRequired] string RefreshToken);
}
#endregion

/// <summary>Sends one request to a portal.</summary>
internal delegate Task<HttpResponseMessage> CrmSend(
    CrmPortal portal, HttpMethod method, string path, object? body, string? accessToken, CancellationToken cancellationToken);

/// <summary>The application, as it is registered with the CRM.</summary>
internal sealed class CrmOptions
{
    public string ClientId { get; set; } = "";
    public string ClientSecret { get; set; } = "";

    /// <summary>The number of nodes, which share the rate of each portal.</summary>
    public int Nodes { get; set; } = 1;
}
