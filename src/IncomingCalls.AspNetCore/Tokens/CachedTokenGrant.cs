using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace IncomingCalls;

/// <summary>A header that was found to hold a token of ours.</summary>
internal sealed class CachedTokenGrant(string header, TokenGrant grant)
{
    public TokenGrant Grant => grant;

    /// <summary>Whether another header is the same. How long this takes tells its length at most.</summary>
    public bool Is(string? other) =>
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(header.AsSpan()), MemoryMarshal.AsBytes(other.AsSpan()));
}
