using System.Security.Cryptography;

namespace IncomingCalls;

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
