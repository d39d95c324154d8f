using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace IncomingCalls.Fakes.Crm.Access;

/// <summary>All tokens that were ever issued, with their portals: a token in a URL or of another portal is recognised after it expired, too.</summary>
internal sealed class IssuedTokens
{
    // The form of the tokens of GreenApiSimulator: the search for secrets in the output of the tests recognises it.
    private const int Length = 50;

    private readonly ConcurrentDictionary<string, string> _portals = new(StringComparer.Ordinal);

    public string Create(string portal)
    {
        var token = RandomNumberGenerator.GetHexString(Length, lowercase: true);
        _portals[token] = portal;
        return token;
    }

    /// <summary>Returns the portal that a token was issued for; null for no token.</summary>
    public string? FindPortal(string token) => _portals.GetValueOrDefault(token);
}
