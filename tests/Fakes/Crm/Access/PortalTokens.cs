namespace IncomingCalls.Fakes.Crm.Access;

/// <summary>The tokens of one portal.</summary>
internal sealed class PortalTokens(string portal, IssuedTokens issued, CrmPortalOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _accessTokens = new(StringComparer.Ordinal);
    private readonly HashSet<string> _usedRefreshTokens = new(StringComparer.Ordinal);
    private TokenPair? _newest;
    private DateTimeOffset _refreshExpiresAt;
    private string? _previousRefreshToken;
    private int _refreshCount;

    public int RefreshCount => Volatile.Read(ref _refreshCount);

    /// <summary>Authorizes the application, for the first time or again. Earlier tokens end (assumed).</summary>
    public TokenPair Issue()
    {
        lock (_gate)
        {
            Clear();
            return CreatePair();
        }
    }

    /// <summary>Ends all tokens, as an administrator of the portal does who removes the application.</summary>
    public void Revoke()
    {
        lock (_gate)
        {
            Clear();
        }
    }

    public TokenState Check(string accessToken)
    {
        lock (_gate)
        {
            if (!_accessTokens.TryGetValue(accessToken, out var expiresAt))
            {
                return FindState(accessToken);
            }

            if (time.GetUtcNow() >= expiresAt)
            {
                return TokenState.Expired;
            }

            if (accessToken == _newest?.AccessToken)
            {
                // Documented (amoCRM): the previous refresh token ends when the new access token is used.
                _previousRefreshToken = null;
            }

            return TokenState.Valid;
        }
    }

    /// <summary>Exchanges a refresh token. Documented (Bitrix24, amoCRM): each refresh returns another refresh token, and the used one is refused.</summary>
    /// <returns>The state of the refresh token, and the new pair if it was valid. Earlier access tokens keep their lifetime (assumed).</returns>
    public (TokenState State, TokenPair? Pair) Refresh(string refreshToken)
    {
        lock (_gate)
        {
            var isPrevious = options.AcceptsPreviousRefreshToken && refreshToken == _previousRefreshToken;
            if (refreshToken != _newest?.RefreshToken && !isPrevious)
            {
                return (_usedRefreshTokens.Contains(refreshToken) ? TokenState.Used : FindState(refreshToken), null);
            }

            if (time.GetUtcNow() >= _refreshExpiresAt)
            {
                return (TokenState.Expired, null);
            }

            _refreshCount++;
            _usedRefreshTokens.Add(refreshToken);
            _previousRefreshToken = refreshToken;
            return (TokenState.Valid, CreatePair());
        }
    }

    private TokenState FindState(string token) => issued.FindPortal(token) switch
    {
        null => TokenState.Unknown,
        var owner => owner == portal ? TokenState.Revoked : TokenState.OfAnotherPortal,
    };

    private TokenPair CreatePair()
    {
        var now = time.GetUtcNow();
        _newest = new(issued.Create(portal), issued.Create(portal), now + options.AccessTokenLifetime);
        _accessTokens[_newest.AccessToken] = _newest.ExpiresAt;
        _refreshExpiresAt = now + options.RefreshTokenLifetime;
        return _newest;
    }

    private void Clear()
    {
        _accessTokens.Clear();
        // After a revocation, a used refresh token is a revoked one like all others: the client may not know which it stored last.
        _usedRefreshTokens.Clear();
        _previousRefreshToken = null;
        _newest = null;
    }
}

/// <summary>What a portal knows about a token.</summary>
internal enum TokenState
{
    Valid,
    Expired,

    /// <summary>A refresh token that was exchanged before.</summary>
    Used,
    Revoked,
    OfAnotherPortal,
    Unknown,
}
