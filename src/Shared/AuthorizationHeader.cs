namespace IncomingCalls.Shared;

/// <summary>
/// The secret in a token as people and gateways write it: raw, or behind <c>Bearer</c> or <c>Basic</c>, which may have been put
/// in front once by the console and once more by the gateway.
/// </summary>
internal static class AuthorizationHeader
{
    /// <summary>Cuts the scheme words away.</summary>
    /// <param name="written">A header or a configured token.</param>
    /// <returns>The secret; empty when there is none.</returns>
    public static ReadOnlySpan<char> ExtractToken(string? written) => ExtractToken(written, out _);

    /// <summary>Cuts the scheme words away and tells whether one was <c>Basic</c>.</summary>
    public static ReadOnlySpan<char> ExtractToken(string? written, out bool isBasic)
    {
        var bare = written.AsSpan().Trim();
        isBasic = false;
        while (true)
        {
            if (TryRemovePrefix(ref bare, "Basic"))
            {
                isBasic = true;
            }
            else if (!TryRemovePrefix(ref bare, "Bearer"))
            {
                return bare;
            }
        }
    }

    private static bool TryRemovePrefix(ref ReadOnlySpan<char> text, string scheme)
    {
        if (!text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = text[scheme.Length..];
        if (!rest.IsEmpty && !char.IsWhiteSpace(rest[0]))
        {
            // "BearerOfNews" is a secret, not a scheme.
            return false;
        }

        text = rest.TrimStart();
        return true;
    }
}
