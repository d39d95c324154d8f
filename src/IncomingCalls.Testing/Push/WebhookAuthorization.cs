namespace IncomingCalls.Testing;

/// <summary>What the Authorization header of a webhook request says.</summary>
internal static class WebhookAuthorization
{
    /// <summary>
    /// Reported: the console stores a token together with its scheme, Bearer or Basic, and it is sent as it is; before one without,
    /// some integrators met the word Bearer and some met nothing. Assumed: no token, no header.
    /// </summary>
    /// <param name="token">The setting <c>webhookUrlToken</c>.</param>
    /// <param name="scheme">What to put before a token without a scheme; empty for nothing.</param>
    /// <returns>The value of the header; null for no header.</returns>
    public static string? CreateHeader(string token, string scheme) =>
        token.Length == 0 ? null
        : scheme.Length == 0 || HasScheme(token, "Bearer") || HasScheme(token, "Basic") ? token
        : $"{scheme} {token}";

    private static bool HasScheme(string token, string scheme) =>
        token.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && token.AsSpan(scheme.Length).StartsWith(" ");
}
