using IncomingCalls.Fakes.Crm.Access;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Fakes.Crm.Http;

/// <summary>The token endpoint, and the check of access tokens.</summary>
internal static class TokenMethods
{
    private const string Scheme = "Bearer ";

    /// <summary>Exchanges a refresh token.</summary>
    public static CrmResponse Refresh(PortalRequest request)
    {
        if (!request.TryReadBody<TokenBody>(out var body, out var refusal))
        {
            return refusal;
        }

        var server = request.Portal.Server;
        if (body.GrantType != "refresh_token" || string.IsNullOrEmpty(body.RefreshToken))
        {
            return Refuse(StatusCodes.Status400BadRequest, "invalid_request", "grant_type should be refresh_token");
        }

        if (body.ClientId != server.ClientId || body.ClientSecret != server.ClientSecret)
        {
            return Refuse(StatusCodes.Status401Unauthorized, "invalid_client", "The application is unknown");
        }

        var (state, pair) = request.Portal.Tokens.Refresh(body.RefreshToken);
        AddViolation(request, state);
        if (pair is null)
        {
            // Documented (Bitrix24): the code invalid_grant; the status 400 is reported.
            return Refuse(StatusCodes.Status400BadRequest, "invalid_grant", Describe(state));
        }

        // Documented (amoCRM): these properties.
        var lifetime = (int)(pair.ExpiresAt - server.TimeProvider.GetUtcNow()).TotalSeconds;
        return CrmResponse.Json(new { token_type = "Bearer", expires_in = lifetime, access_token = pair.AccessToken, refresh_token = pair.RefreshToken });
    }

    /// <summary>Checks the access token of a request. Documented (amoCRM): the header, and 401 with a problem; the codes are those of Bitrix24.</summary>
    /// <returns>The answer; null for an authorized request.</returns>
    public static CrmResponse? Authorize(PortalRequest request)
    {
        var header = request.Context.Request.Headers.Authorization.ToString();
        var state = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? request.Portal.Tokens.Check(header[Scheme.Length..].Trim()) : TokenState.Unknown;
        if (state == TokenState.Valid)
        {
            return null;
        }

        AddViolation(request, state);
        return Refuse(StatusCodes.Status401Unauthorized, state == TokenState.Expired ? "expired_token" : "invalid_token", Describe(state));
    }

    private static void AddViolation(PortalRequest request, TokenState state)
    {
        if (state == TokenState.Used)
        {
            request.AddViolation(ViolationKind.RefreshTokenUsedTwice);
        }
        else if (state == TokenState.OfAnotherPortal)
        {
            request.AddViolation(ViolationKind.TokenOfAnotherPortal);
        }
    }

    private static CrmResponse Refuse(int status, string error, string detail) =>
        CrmResponse.Problem(status, status == StatusCodes.Status401Unauthorized ? "Unauthorized" : "Bad Request", detail, ("error", error));

    private static string Describe(TokenState state) => state switch
    {
        TokenState.Expired => "The token has expired",
        // Reported (amoCRM): the same text for a token that was used and for one that the portal revoked.
        TokenState.Used or TokenState.Revoked => "Token has been revoked",
        _ => "The token is unknown",
    };
}
