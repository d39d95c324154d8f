using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IncomingCalls.AspNetCore.Tokens;

/// <summary>The permission that a token gives: to send notifications of every instance, or of the instances that own the token.</summary>
/// <param name="hash">The hash of the token.</param>
/// <param name="owners">The instances that own the token; null if it is valid for every instance.</param>
internal sealed class TokenGrant(byte[] hash, long[]? owners)
{
    public ulong Prefix => TokenHash.Prefix(hash);

    public bool Matches(ReadOnlySpan<byte> presentedHash) => CryptographicOperations.FixedTimeEquals(hash, presentedHash);

    /// <summary>The result for a request with this token.</summary>
    public WebhookTokenResult Result { get; } = WebhookTokenResult.Valid(owners);
}

/// <summary>An Authorization header with a valid token, and its grant.</summary>
internal sealed class CachedTokenGrant(string header, TokenGrant grant)
{
    public TokenGrant Grant => grant;

    /// <summary>Compares another header in constant time. The duration can disclose its length, but not its content.</summary>
    public bool Matches(string? other) =>
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(header.AsSpan()), MemoryMarshal.AsBytes(other.AsSpan()));
}
