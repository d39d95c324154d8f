using System.Collections.Concurrent;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>The running nodes of a PostgreSQL inbox, and the runs of those that have ended.</summary>
/// <param name="gateway">The gateway that sends to the cluster.</param>
/// <param name="folder">The folder of the logs and effects.</param>
/// <param name="database">The database of the inbox.</param>
/// <param name="network">The network of the nodes; null for loopback.</param>
/// <param name="options">The options of the campaign.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeCluster(
    Gateway gateway, string folder, CampaignDatabase database, NodeNetwork? network, ClusterCampaignOptions options, TimeProvider time) : ProcessCluster<Node>(gateway, folder, ExpectedErrors, time)
{
    /// <summary>The database cannot be used; a handler that blocks does not stop, and fails later.</summary>
    private static readonly string[] ExpectedErrors = ["5003", "1013", "1014"];

    private readonly Uri _apiUrl = network is null ? gateway.ApiUrl : new UriBuilder(gateway.ApiUrl) { Host = network.Address }.Uri;
    private readonly Dictionary<int, string> _addresses = [];
    private readonly ConcurrentQueue<NodeRun> _ended = [];

    public IReadOnlyList<NodeRun> Ended => [.. _ended];

    /// <summary>Starts the nodes.</summary>
    public void StartAll()
    {
        for (var node = 1; node <= options.Silos; node++)
        {
            _addresses[node] = network?.AddNode(node) ?? "127.0.0.1";
            Start(node);
        }
    }

    /// <summary>Starts a node.</summary>
    public void Start(int node)
    {
        var common = CreateSettings(_apiUrl);
        var settings = new NodeSettings
        {
            Common = common,
            ConnectionString = database.ConnectionStringOf(common.Process),
            Address = _addresses[node],
            // One clock is right, and with three nodes one is ahead and one is behind.
            ClockOffset = TimeSpan.FromSeconds(options.ClockOffset) * (node % 2 == 0 ? node / 2 : -(node / 2)),
            Runner = Environment.ProcessId,
            Defect = options.NodeDefect,
        };
        Add(new(node, HostProcess.Start(common.Process, [.. network?.CommandFor(node) ?? [], .. HostCommand.Find("IncomingCalls.ClusterTests"), .. settings.ToArguments()])));
    }

    public override Task RestartEndedAsync()
    {
        foreach (var node in Running.Where(node => !node.IsDisturbed && node.Process.HasExited))
        {
            RecordEnded(node);
            Start(node.Node);
        }

        return Task.CompletedTask;
    }

    /// <summary>Records that a node has exited.</summary>
    public void RecordEnded(Node node)
    {
        var run = node.CreateRun();
        RecordEnded(node.Process, run, isExpected: run.EndKind != NodeEnd.Broken);
        _ended.Enqueue(run);
    }

    /// <summary>Asks all nodes to stop.</summary>
    public async Task TerminateAllAsync()
    {
        foreach (var node in Running)
        {
            await node.TerminateAsync();
            RecordEnded(node);
        }
    }
}
