namespace IncomingCalls.Shared;

/// <summary>
/// Extracts the secret from an Authorization header or a configured token. It can be written without a scheme or with the scheme
/// <c>Bearer</c> or <c>Basic</c>, possibly twice: the GREEN-API console and the gateway can each add one.
/// </summary>
internal static class AuthorizationHeader
{
    /// <summary>Removes the schemes.</summary>
    /// <param name="value">The value of a header, or a configured token.</param>
    /// <returns>The secret; empty when there is none.</returns>
    public static ReadOnlySpan<char> ExtractToken(string? value) => ExtractToken(value, out _);

    /// <summary>Removes the schemes, and reports whether one of them was <c>Basic</c>.</summary>
    public static ReadOnlySpan<char> ExtractToken(string? value, out bool isBasic)
    {
        var secret = value.AsSpan().Trim();
        isBasic = false;
        while (true)
        {
            if (TryRemoveScheme(ref secret, "Basic"))
            {
                isBasic = true;
            }
            else if (!TryRemoveScheme(ref secret, "Bearer"))
            {
                return secret;
            }
        }
    }

    private static bool TryRemoveScheme(ref ReadOnlySpan<char> text, string scheme)
    {
        if (!text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = text[scheme.Length..];
        if (!rest.IsEmpty && !char.IsWhiteSpace(rest[0]))
        {
            // "BearerOfNews" is a secret, not a scheme with a secret.
            return false;
        }

        text = rest.TrimStart();
        return true;
    }
}
