using System.Globalization;
using System.Text.RegularExpressions;
using IncomingCalls.Processes;

namespace IncomingCalls.Browser.Tests.Nodes;

/// <summary>The site that docs/scaling-out.md shows for several nodes. Only addresses are replaced, and the lines about TLS are removed.</summary>
internal static partial class NodesSite
{
    /// <summary>Starts an nginx with the site before nodes.</summary>
    public static Task<NginxProcess> StartAsync(IEnumerable<Uri> nodes)
    {
        var shown = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Pages", "nodes.conf"));
        var servers = ServerLines().Matches(shown);
        servers.Should().HaveCount(2, "the page shows two nodes");
        var template = servers[0].Value;
        shown = ServerLines().Replace(shown, "").Replace("upstream calls {", $"upstream calls {{\n{string.Concat(nodes.Select(node => template.Replace("10.0.0.11:5000", node.Authority, StringComparison.Ordinal)))}", StringComparison.Ordinal);
        return NginxProcess.StartAsync(port =>
        {
            var site = shown.Replace("listen 443 ssl;", string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{port};"), StringComparison.Ordinal);
            site.Should().NotBe(shown);
            return CertificateLines().Replace(site, "");
        });
    }

    [GeneratedRegex(@"^    server 10\.0\.0\.\d+:5000 .*\n", RegexOptions.Multiline)]
    private static partial Regex ServerLines();

    [GeneratedRegex(@"^    ssl_certificate.*\n", RegexOptions.Multiline)]
    private static partial Regex CertificateLines();
}
