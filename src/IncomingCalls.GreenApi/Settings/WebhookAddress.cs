namespace IncomingCalls.GreenApi.Settings;

/// <summary>Parses and compares webhook addresses. Path and query may contain a secret, so messages show the server only.</summary>
internal static class WebhookAddress
{
    /// <summary>Parses an address; null for a text that is not an absolute http or https address.</summary>
    public static Uri? Parse(string? text) => Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var address) && IsHttp(address) ? address : null;

    public static bool IsHttp(Uri address) => address is { IsAbsoluteUri: true, Scheme: "https" or "http" };

    /// <summary>Whether both addresses are the same. A trailing slash makes no difference to the routes of a web server.</summary>
    public static bool IsSame(string? one, string? other) =>
        (Parse(one), Parse(other)) is ({ } a, { } b) ? IsSame(a, b) : (one ?? "").Trim() == (other ?? "").Trim();

    public static bool IsSame(Uri one, Uri other) => Normalize(one) == Normalize(other);

    /// <summary>Gets the scheme, host and port of an address.</summary>
    public static string OriginOf(Uri address) => address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    private static string Normalize(Uri address) =>
        $"{OriginOf(address)}{address.AbsolutePath.TrimEnd('/')}{address.Query}";
}
