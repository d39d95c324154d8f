namespace IncomingCalls.GreenApi.Settings;

/// <summary>Reads and compares addresses of webhooks. Path and query may hold a secret, so texts show the server alone.</summary>
internal static class WebhookAddress
{
    /// <summary>The address; null for a text that is none of HTTP.</summary>
    public static Uri? Parse(string? text) => Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var address) && IsHttp(address) ? address : null;

    public static bool IsHttp(Uri address) => address is { IsAbsoluteUri: true, Scheme: "https" or "http" };

    /// <summary>Whether both lead to the same place. A slash at the end makes no difference to a web server's routes.</summary>
    public static bool IsSame(string? one, string? other) =>
        (Parse(one), Parse(other)) is ({ } a, { } b) ? IsSame(a, b) : (one ?? "").Trim() == (other ?? "").Trim();

    public static bool IsSame(Uri one, Uri other) => Normalize(one) == Normalize(other);

    /// <summary>Scheme, host and port.</summary>
    public static string OriginOf(Uri address) => address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    private static string Normalize(Uri address) =>
        $"{OriginOf(address)}{address.AbsolutePath.TrimEnd('/')}{address.Query}";
}
