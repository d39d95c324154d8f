using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace IncomingCalls.ClusterTests;

/// <summary>
/// A network whose nodes are in network namespaces, so that the link of one can be taken down as if its machine were dead: nothing answers for it any more, not even
/// the kernel. On loopback the kernel closes the connections of a killed process. A bridge connects the namespaces and has the address of everything else.
/// </summary>
/// <remarks>
/// All names contain the number of this process. What a process has left that was killed is deleted by the next one that creates a network.
/// </remarks>
internal sealed partial class NodeNetwork : IDisposable
{
    private const string Prefix = "ict";

    // 198.18.0.0/15 is reserved for tests of networks.
    private const int FirstSecondOctet = 18;

    // Static members are initialized in this order, and the last of them needs the others.
    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? []).Concat(["/usr/sbin", "/sbin"])
        .Select(folder => Path.Combine(folder, "ip")).FirstOrDefault(File.Exists);

    private static readonly string Own = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}");
    private static readonly Lock Gate = new();
    private static int _count;

    private readonly string _bridge = NextName('b');
    private readonly string _octets;
    private readonly Dictionary<int, (string Namespace, string Link)> _nodes = [];

    private NodeNetwork(string octets) => _octets = octets;

    /// <summary>Why there can be no such network; null when there can.</summary>
    public static string? Unavailable { get; } = FindReason();

    /// <summary>The address of what is not in a namespace.</summary>
    public string Address => $"{_octets}.1";

    /// <summary>All addresses of the network.</summary>
    public string Addresses => $"{_octets}.0/24";

    public static NodeNetwork Create()
    {
        lock (Gate)
        {
            DeleteLeftovers();
            var network = new NodeNetwork(FindUnusedOctets());
            AppDomain.CurrentDomain.ProcessExit += network.OnProcessExit;
            try
            {
                Run("link", "add", network._bridge, "type", "bridge");
                Run("addr", "add", $"{network.Address}/24", "dev", network._bridge);
                Run("link", "set", network._bridge, "up");
                return network;
            }
            catch
            {
                network.Dispose();
                throw;
            }
        }
    }

    /// <summary>Adds the namespace of a node, and returns the address of the node.</summary>
    public string AddNode(int node)
    {
        var (name, link, address) = (NextName('n'), NextName('v'), $"{_octets}.{node + 1}");
        _nodes[node] = (name, link);
        Run("netns", "add", name);
        Run("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name);
        Run("link", "set", link, "master", _bridge, "up");
        Run("-n", name, "addr", "add", $"{address}/24", "dev", "eth0");
        Run("-n", name, "link", "set", "eth0", "up");
        Run("-n", name, "link", "set", "lo", "up");
        return address;
    }

    /// <summary>Gets the command that runs a program in the namespace of a node, in the same process.</summary>
    public IReadOnlyList<string> CommandFor(int node) => [Program!, "netns", "exec", _nodes[node].Namespace];

    /// <summary>Takes the link of a node down or up, at the end of the bridge: the node sees a link without carrier.</summary>
    public void SetLink(int node, bool isUp) => Run("link", "set", _nodes[node].Link, isUp ? "up" : "down");

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        foreach (var (name, link) in _nodes.Values)
        {
            // The link first: a namespace exists until its last process has ended.
            TryRun("link", "del", link);
            TryRun("netns", "del", name);
        }

        TryRun("link", "del", _bridge);
    }

    private void OnProcessExit(object? sender, EventArgs e) => Dispose();

    private static string NextName(char kind) => string.Create(CultureInfo.InvariantCulture, $"{Own}{kind}{Interlocked.Increment(ref _count)}");

    private static string? FindReason()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Network namespaces exist on Linux only.";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "Creating a network namespace needs root.";
        }

        if (Program is null)
        {
            return "The command ip is not installed (package iproute2).";
        }

        try
        {
            using var network = Create();
            network.AddNode(1);
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"A network namespace cannot be created here: {e.Message}";
        }
    }

    private static void DeleteLeftovers()
    {
        foreach (Match link in OwnedName().Matches(Run("-o", "link", "show")))
        {
            DeleteIfLeft(link, "link");
        }

        foreach (Match name in OwnedName().Matches(Run("netns", "list")))
        {
            DeleteIfLeft(name, "netns");
        }
    }

    private static void DeleteIfLeft(Match name, string kind)
    {
        if (!Directory.Exists($"/proc/{name.Groups["pid"].Value}"))
        {
            TryRun(kind, "del", name.Value);
        }
    }

    private static string FindUnusedOctets()
    {
        var used = Run("-4", "-o", "addr", "show");
        while (true)
        {
            var octets = string.Create(CultureInfo.InvariantCulture, $"198.{FirstSecondOctet + RandomNumberGenerator.GetInt32(2)}.{RandomNumberGenerator.GetInt32(256)}");
            if (!used.Contains($" {octets}.", StringComparison.Ordinal))
            {
                return octets;
            }
        }
    }

    private static void TryRun(params string[] arguments)
    {
        try
        {
            Run(arguments);
        }
        catch (InvalidOperationException)
        {
            // It does not exist, or not any more.
        }
    }

    /// <exception cref="InvalidOperationException">The command failed.</exception>
    private static string Run(params string[] arguments)
    {
        using var process = StartIp(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {errors.GetAwaiter().GetResult().Trim()}");
    }

    private static Process StartIp(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException(e.Message, e);
        }
    }

    [GeneratedRegex($@"\b{Prefix}(?<pid>\d+)[bnv]\d+\b")]
    private static partial Regex OwnedName();
}
