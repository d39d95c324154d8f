using System.Security.Cryptography;

namespace IncomingCalls;

/// <summary>
/// Tokens are compared by a keyed hash. The key is made anew in each process and never leaves it, so the time that a look-up
/// takes tells a stranger nothing about a token, however many there are.
/// </summary>
internal static class TokenHash
{
    public const int Length = HMACSHA256.HashSizeInBytes;

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(Length);

    public static void Compute(ReadOnlySpan<byte> utf8, Span<byte> hash) => HMACSHA256.HashData(Key, utf8, hash);

    /// <summary>What a hash is filed under.</summary>
    public static ulong Prefix(ReadOnlySpan<byte> hash) => BitConverter.ToUInt64(hash);
}
