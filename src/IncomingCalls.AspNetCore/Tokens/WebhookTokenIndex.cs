using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using IncomingCalls.Shared;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.AspNetCore.Tokens;

/// <summary>A snapshot of the tokens of the endpoint and of the instances.</summary>
internal sealed class WebhookTokenIndex
{
    private readonly FrozenDictionary<ulong, TokenGrant[]> _grants;
    private volatile CachedTokenGrant? _last;

    public WebhookTokenIndex(IEnumerable<string> shared, IEnumerable<CallInstance> instances) =>
        _grants = shared.Select(token => (Token: token, Owner: (long?)null))
            .Concat(instances.SelectMany(instance => (instance.WebhookTokens ?? []).Select(token => (Token: token, Owner: (long?)instance.IdInstance))))
            .Select(entry => (Secret: AuthorizationHeader.ExtractToken(entry.Token).ToString(), entry.Owner))
            // An empty secret would admit requests without a token.
            .Where(entry => entry.Secret.Length > 0)
            .GroupBy(entry => entry.Secret, entry => entry.Owner, StringComparer.Ordinal)
            .Select(ToGrant)
            .GroupBy(grant => grant.Prefix)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());

    public bool IsEmpty => _grants.Count == 0;

    /// <summary>Finds the grant for the Authorization header of a request; null if it contains no valid token.</summary>
    public TokenGrant? Find(StringValues header)
    {
        foreach (var value in header)
        {
            if (Find(value) is { } grant)
            {
                return grant;
            }
        }

        return null;
    }

    private TokenGrant? Find(string? header)
    {
        // The gateway sends the same header each time. Comparing it takes 0.4 µs and hashing it 1.4 µs, of the 25 µs of an empty endpoint.
        if (_last is { } last && last.Matches(header))
        {
            return last.Grant;
        }

        var grant = FindHashed(header);
        _last = grant is null ? _last : new(header!, grant);
        return grant;
    }

    private TokenGrant? FindHashed(string? header)
    {
        var secret = AuthorizationHeader.ExtractToken(header, out var isBasic);
        if (secret.IsEmpty)
        {
            return null;
        }

        Span<byte> buffer = secret.Length <= 256 ? stackalloc byte[256 * 3] : new byte[Encoding.UTF8.GetMaxByteCount(secret.Length)];
        var utf8 = buffer[..Encoding.UTF8.GetBytes(secret, buffer)];
        return Find(utf8) ?? (isBasic ? FindEncoded(utf8) : null);
    }

    /// <summary>Finds the grant for Basic credentials, which are user:password in Base64. The gateway has one secret and no user, so the password alone is valid too.</summary>
    private TokenGrant? FindEncoded(Span<byte> base64)
    {
        if (Base64.DecodeFromUtf8InPlace(base64, out var length) != System.Buffers.OperationStatus.Done)
        {
            return null;
        }

        var pair = base64[..length];
        var colon = pair.IndexOf((byte)':');
        return Find(pair) ?? (colon < 0 ? null : Find(pair[(colon + 1)..]));
    }

    private TokenGrant? Find(ReadOnlySpan<byte> utf8)
    {
        Span<byte> hash = stackalloc byte[TokenHash.Length];
        TokenHash.Compute(utf8, hash);
        foreach (var grant in _grants.GetValueOrDefault(TokenHash.Prefix(hash)) ?? [])
        {
            if (grant.Matches(hash))
            {
                return grant;
            }
        }

        return null;
    }

    private static TokenGrant ToGrant(IGrouping<string, long?> owners)
    {
        var hash = new byte[TokenHash.Length];
        TokenHash.Compute(Encoding.UTF8.GetBytes(owners.Key), hash);
        return new(hash, owners.Contains(null) ? null : [.. owners.Select(owner => owner!.Value).Distinct()]);
    }
}

/// <summary>
/// Computes the keyed hash by which tokens are compared. The key is random in each process and never leaves it, so the duration of a
/// lookup discloses nothing about the tokens, however many there are.
/// </summary>
internal static class TokenHash
{
    public const int Length = HMACSHA256.HashSizeInBytes;

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(Length);

    public static void Compute(ReadOnlySpan<byte> utf8, Span<byte> hash) => HMACSHA256.HashData(Key, utf8, hash);

    /// <summary>Gets the part of a hash that is the key of the index.</summary>
    public static ulong Prefix(ReadOnlySpan<byte> hash) => BitConverter.ToUInt64(hash);
}
