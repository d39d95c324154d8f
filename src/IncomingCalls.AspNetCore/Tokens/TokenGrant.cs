using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IncomingCalls.AspNetCore.Tokens;

/// <summary>What a token entitles to: to speak for any instance, or for those that own it.</summary>
/// <param name="hash">The hash of the token.</param>
/// <param name="owners">The instances that own it; null when it is good for any.</param>
internal sealed class TokenGrant(byte[] hash, long[]? owners)
{
    /// <summary>The grant of an endpoint that asks for no token.</summary>
    public static TokenGrant Anonymous { get; } = new([], owners: null);

    public ulong Prefix => TokenHash.Prefix(hash);

    public bool IsFor(ReadOnlySpan<byte> presented) => CryptographicOperations.FixedTimeEquals(hash, presented);

    /// <summary>The instances of which a notification under this token must name one; null when it may name any.</summary>
    public IReadOnlyCollection<long>? Owners => owners;

    public bool Allows(long idInstance) => owners is null || owners.Contains(idInstance);
}

/// <summary>A header that was found to hold a token of ours.</summary>
internal sealed class CachedTokenGrant(string header, TokenGrant grant)
{
    public TokenGrant Grant => grant;

    /// <summary>Whether another header is the same. How long this takes tells its length at most.</summary>
    public bool Is(string? other) =>
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(header.AsSpan()), MemoryMarshal.AsBytes(other.AsSpan()));
}
