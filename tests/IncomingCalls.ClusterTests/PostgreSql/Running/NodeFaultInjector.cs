using System.Collections.Concurrent;
using System.Diagnostics;
using IncomingCalls.Processes;

namespace IncomingCalls.ClusterTests;

/// <summary>Injects faults into nodes and their database. A fault continues while the next ones are injected, but a node has one at a time.</summary>
/// <param name="cluster">The nodes.</param>
/// <param name="server">The server of the database.</param>
/// <param name="database">The database.</param>
/// <param name="network">The network of the nodes; null for loopback.</param>
/// <param name="random">The source of all decisions.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeFaultInjector(NodeCluster cluster, PostgresServer server, CampaignDatabase database, NodeNetwork? network, Random random, TimeProvider time)
{
    private const int MaxEndedSessions = 4;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FailFastLimit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<Interruption> _interruptions = [];
    private readonly Dictionary<NodeFault, int> _counts = [];
    private readonly List<Task> _running = [];

    /// <summary>The interruptions so far.</summary>
    public IReadOnlyList<Interruption> Interruptions => [.. _interruptions];

    /// <summary>How often each fault was injected.</summary>
    public IReadOnlyList<FaultCount> Counts => [.. Enum.GetValues<NodeFault>().Select(fault => new FaultCount($"faults ({fault})", _counts.GetValueOrDefault(fault)))];

    /// <summary>Deals faults from a shuffled deck, so that each kind occurs.</summary>
    public IEnumerable<NodeFault> Deal(NodeFaultDeck deck)
    {
        NodeFault[] links = [NodeFault.ShortCutOff, NodeFault.LongCutOff];
        NodeFault[] cards = deck == NodeFaultDeck.Links
            ? [.. links, NodeFault.Kill, NodeFault.LongCutOff]
            :
            [
                NodeFault.Kill, NodeFault.Kill, NodeFault.EndSessions, NodeFault.EndSessions,
                .. Enum.GetValues<NodeFault>().Except(deck == NodeFaultDeck.WithoutLinks || network is null ? links : []),
            ];
        while (true)
        {
            random.Shuffle(cards);
            foreach (var card in cards.ToArray())
            {
                yield return card;
            }
        }
    }

    /// <summary>Begins a fault, after waiting for a node that has none.</summary>
    public async Task InjectAsync(NodeFault fault)
    {
        await Task.Delay(Draw(0, 2500), time);
        _counts[fault] = _counts.GetValueOrDefault(fault) + 1;
        switch (fault)
        {
            case NodeFault.RestartDatabase:
                await RestartDatabaseAsync(Draw(0, 2000));
                break;
            case NodeFault.EndSessions:
                await EndSessionsAsync();
                break;
            case NodeFault.HoldSnapshot:
                _running.Add(database.HoldSnapshotAsync(Draw(8_000, 20_000), time));
                break;
            default:
                var node = await ChooseAsync(fault);
                node.IsDisturbed = true;
                _running.Add(DisturbAsync(node, fault));
                break;
        }
    }

    /// <summary>Waits until all faults are over.</summary>
    public Task WaitUntilOverAsync() => Task.WhenAll(_running);

    private Task DisturbAsync(Node node, NodeFault fault) => fault switch
    {
        NodeFault.Kill => EndAsync(node, async () => _interruptions.Enqueue(await node.KillAsync()), Draw(0, 3000)),
        NodeFault.Terminate => EndAsync(node, node.TerminateAsync, Draw(0, 1000)),
        NodeFault.FailFast => EndAsync(node, async () => _interruptions.Enqueue(await node.FailFastAsync(FailFastLimit, time)), Draw(0, 1000)),
        NodeFault.ShortPause => PauseAsync(node, Draw(500, 5000)),
        NodeFault.LongPause => PauseAsync(node, Draw(22_000, 26_000)),
        NodeFault.ShortCutOff => CutOffAsync(node, Draw(500, 3000)),
        NodeFault.LongCutOff => CutOffAsync(node, Draw(13_000, 20_000)),
        NodeFault.BlockHandler => RequestAsync(node, HandlerFault.Block),
        _ => RequestAsync(node, HandlerFault.Hold),
    };

    private async Task EndAsync(Node node, Func<Task> end, TimeSpan delay)
    {
        await end();
        cluster.RecordEnded(node);
        await Task.Delay(delay, time);
        cluster.Start(node.Node);
    }

    private async Task PauseAsync(Node node, TimeSpan duration)
    {
        _interruptions.Enqueue(await node.PauseAsync(duration, time));
        node.IsDisturbed = false;
    }

    private async Task CutOffAsync(Node node, TimeSpan duration)
    {
        var from = Stopwatch.GetTimestamp();
        network!.SetLink(node.Node, isUp: false);
        await Task.Delay(duration, time);
        network.SetLink(node.Node, isUp: true);
        _interruptions.Enqueue(node.Create(InterruptionKind.CutOff, from));
        node.IsDisturbed = false;
    }

    private async Task RequestAsync(Node node, HandlerFault fault)
    {
        await node.RequestFaultAsync(fault, time);
        node.IsDisturbed = false;
    }

    private async Task RestartDatabaseAsync(TimeSpan downtime)
    {
        var from = Stopwatch.GetTimestamp();
        await server.StopImmediatelyAsync();
        await Task.Delay(downtime, time);
        await server.RunServerAsync();
        _interruptions.Enqueue(new() { Kind = InterruptionKind.DatabaseRestart, From = from, To = Stopwatch.GetTimestamp() });
    }

    private async Task EndSessionsAsync()
    {
        var from = Stopwatch.GetTimestamp();
        var processes = await database.EndSessionsAsync(sessions =>
        {
            NodeSession[] shuffled = [.. sessions];
            random.Shuffle(shuffled);
            return shuffled.Take(random.Next(1, MaxEndedSessions + 1));
        });
        foreach (var process in processes)
        {
            _interruptions.Enqueue(new() { Kind = InterruptionKind.SessionEnd, Process = process, From = from, To = Stopwatch.GetTimestamp() });
        }
    }

    /// <summary>Chooses a node that has no fault. In one case of four it may still be starting, if the fault allows that.</summary>
    private async Task<Node> ChooseAsync(NodeFault fault)
    {
        var mayBeStarting = random.Next(4) == 0 && fault is NodeFault.Kill or NodeFault.ShortPause or NodeFault.LongPause or NodeFault.ShortCutOff or NodeFault.LongCutOff;
        using var timer = new PeriodicTimer(PollInterval, time);
        while (true)
        {
            await cluster.RestartEndedAsync();
            Node[] possible = [.. cluster.Running.Where(node => !node.IsDisturbed && !node.Process.HasExited && (mayBeStarting || node.Address is not null)).OrderBy(node => node.Node)];
            if (possible.Length > 0)
            {
                return possible[random.Next(possible.Length)];
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private TimeSpan Draw(int atLeast, int atMost) => TimeSpan.FromMilliseconds(random.Next(atLeast, atMost));
}
