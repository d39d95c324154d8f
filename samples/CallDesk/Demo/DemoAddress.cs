namespace CallDesk.Demo;

internal static class DemoAddress
{
    /// <summary>Where this desk's own webhook can be reached; "every address" of a server is none that one can call.</summary>
    public static Uri ResolveWebhook(IEnumerable<string> addresses)
    {
        var address = BindingAddress.Parse(addresses.OrderBy(address => address.StartsWith("https:", StringComparison.Ordinal)).First());
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return new($"{address.Scheme}://{host}:{address.Port}/webhooks/green-api");
    }
}
