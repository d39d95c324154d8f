using IncomingCalls.GreenApi.Models;

namespace IncomingCalls.GreenApi.Settings;

/// <summary>Explains the responses that a slightly wrong webhook address leads to: who has answered, and what to write into the setting.</summary>
internal static class WebhookAddressProblem
{
    /// <summary>The default pattern of MapIncomingCalls.</summary>
    private const string DefaultPath = "/webhooks/green-api";

    /// <summary>Finds what is wrong with an address.</summary>
    /// <param name="address">The address that a notification was posted to.</param>
    /// <param name="response">The response.</param>
    /// <param name="showsPath">Whether the text may show paths, which may contain a secret. A query is never shown.</param>
    /// <returns>Whole sentences; null when the response has another cause than the address.</returns>
    public static string? Find(Uri address, WebhookResponse response, bool showsPath) => response switch
    {
        { Status: >= 300 and < 400, Location: { } target } => $"{Show(address, showsPath)} answered {response}, a redirect to {DescribeRedirect(address, target, showsPath)}",
        { Status: 404 or 405 } => $"{Show(address, showsPath)} answered {response}, so nothing receives notifications at the path. {AdviseOnPath(address, showsPath)}",
        { Status: 400, Result: null } when address.Scheme == Uri.UriSchemeHttp =>
            $"{Show(address, showsPath)} answered {response}, not from the endpoint of IncomingCalls. If the port is one for https, write https:// into webhookUrl.",
        _ => null,
    };

    private static string DescribeRedirect(Uri address, Uri target, bool showsPath)
    {
        var (from, to) = (address.AbsolutePath, target.AbsolutePath);
        if (from.TrimEnd('/') != to.TrimEnd('/'))
        {
            return $"{Show(target, showsPath)}{(showsPath ? "" : " and another path")}. Only 200 acknowledges a notification. If the path is that of a log-in page, exempt the webhook from the log-in; "
                + "otherwise write the address that the redirect leads to into webhookUrl.";
        }

        if (showsPath)
        {
            return $"{Show(target, true)}. Only 200 acknowledges a notification: write {Show(target, true)} into webhookUrl.";
        }

        var (change, withChange) = from == to ? ("and the same path", "")
            : from.Length < to.Length ? ("and the path with a slash at its end", " and that slash")
            : ("and the path without the slash at its end", " and without that slash");
        var origin = WebhookAddress.OriginOf(target);
        return $"{origin} {change}. Only 200 acknowledges a notification: write the address with {origin}{withChange} into webhookUrl.";
    }

    private static string AdviseOnPath(Uri address, bool showsPath)
    {
        var path = address.AbsolutePath;
        return path.Contains("//", StringComparison.Ordinal) ? $"The path contains a double slash. Write {(showsPath ? ShowWithPath(address, RemoveEmptySegments(path)) : "single slashes")} into webhookUrl."
            : path == "/" ? $"The address has no path. MapIncomingCalls maps {DefaultPath} by default: write {ShowWithPath(address, DefaultPath)} into webhookUrl."
            : path.EndsWith('/') ? $"The path ends with a slash. Write {(showsPath ? ShowWithPath(address, path.TrimEnd('/')) : "it without the slash")} into webhookUrl."
            : $"Compare the path with the pattern of MapIncomingCalls, by default {DefaultPath}, and with the path that a proxy passes on.";
    }

    private static string RemoveEmptySegments(string path) => $"/{string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries))}";

    private static string Show(Uri address, bool showsPath) => showsPath ? ShowWithPath(address, address.AbsolutePath) : WebhookAddress.OriginOf(address);

    private static string ShowWithPath(Uri address, string path) => $"{WebhookAddress.OriginOf(address)}{path}";
}
