using IncomingCalls.CrashTests;
using IncomingCalls.Processes;

namespace IncomingCalls.ClusterTests;

/// <summary>
/// One round on one cluster of the PostgreSQL inbox: its nodes, their links and sessions, and the database are disturbed under traffic; then the cluster runs undisturbed
/// until everything is handled, and then it receives duplicates only. <see cref="EvidenceChecker"/> and <see cref="TransactionCheck"/> check the evidence.
/// </summary>
internal sealed class NodeRound(ClusterCampaignOptions options, int number, int faults, TimeProvider time)
{
    private const int InstancesOfEach = 4;
    private const int MaxConnections = 400;

    /// <summary>A missing outcome is resolved a minute later each time that its instance has received a notification late, which a slow machine does.</summary>
    private static readonly TimeSpan CompletionTimeout = TimeSpan.FromMinutes(5);

    /// <summary>The timeout of a post, so that a paused node is not waited for.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    // Reproducible on purpose; nothing here is secret. The same seed makes the same plan; what happens still depends on the speed of the machine.
    private readonly int _seed = unchecked((options.Seed * 31) + number);

    public async Task<ClusterRoundReport> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("incoming-calls-nodes-").FullName;
        using var network = NodeNetwork.Unavailable is null ? NodeNetwork.Create() : null;
        await using var server = await PostgresServer.StartAsync(new() { Address = network?.Address, Network = network?.Addresses, MaxConnections = MaxConnections });
        var database = new CampaignDatabase(server, network?.Address ?? "127.0.0.1");
        // Each fault may end a process, and so may an unexpected failure.
        await database.PrepareAsync(processes: options.Silos + (2 * faults) + 20);
        using var observer = new PollRequestObserver();
        await using var gateway = await Gateway.StartAsync(InstancesOfEach, AnswerTimeout);
        await using var relay = network is null ? null : new TcpRelay(network.Address, gateway.ApiUrl.Port);
        await using var cluster = new NodeCluster(gateway, folder, database, network, options, time);
        using var client = new HttpClient(new RoundRobinHandler(() => cluster.Addresses));
        gateway.SetWebhookClient(client);

        // Traffic has a separate generator, since the amount of traffic depends on the speed of the machine.
        var traffic = new CallTraffic(gateway, new(_seed));
        var injector = new NodeFaultInjector(cluster, server, database, network, new(_seed), time);
        await InjectFaultsAsync(cluster, injector, traffic);
        traffic.Finish();
        await cluster.WaitUntilCompleteAsync(CompletionTimeout);
        traffic.SendDuplicates(20);
        var finalReport = await cluster.WaitUntilCompleteAsync(CompletionTimeout);
        await cluster.TerminateAllAsync();
        var report = await CheckAsync(gateway, cluster, injector, database, observer, finalReport, folder);
        if (report.Findings.Count == 0)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            await File.WriteAllLinesAsync(Path.Combine(folder, "stored"), await database.ReadStoredAsync());
            await File.WriteAllLinesAsync(Path.Combine(folder, "sent"), gateway.Describe());
            await File.WriteAllLinesAsync(Path.Combine(folder, "interruptions"), injector.Interruptions.Select(interruption => $"{interruption}"));
        }

        return report;
    }

    private async Task InjectFaultsAsync(NodeCluster cluster, NodeFaultInjector injector, CallTraffic traffic)
    {
        cluster.StartAll();
        await cluster.WaitUntilListeningAsync();
        using var stopTraffic = new CancellationTokenSource();
        var sending = SteadyTraffic.SendAsync(traffic, time, stopTraffic.Token);
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds), time, CancellationToken.None);
        foreach (var fault in injector.Deal(options.NodeFaults).Take(faults))
        {
            await injector.InjectAsync(fault);
        }

        await injector.WaitUntilOverAsync();
        await stopTraffic.CancelAsync();
        await sending;
    }

    private async Task<ClusterRoundReport> CheckAsync(
        Gateway gateway, NodeCluster cluster, NodeFaultInjector injector, CampaignDatabase database, PollRequestObserver observer, InboxReport? finalReport, string folder)
    {
        var committed = await database.ReadEffectsAsync();
        var nodes = new NodeRuns(cluster.Ended, injector.Interruptions, EffectsFile.ReadAll(folder), committed);
        var pollers = new PollerCheck(observer.RequestsAt(gateway.ApiUrl.Port), cluster.Ended);
        var evidence = new NodeEvidence
        {
            Sent = gateway.GetSent(),
            Effects = nodes.OrderEffects(),
            Runs = [],
            Nodes = nodes,
            DeadLetters = [.. finalReport?.DeadLetters.Select(letter => (letter.EventId, letter.Handler)) ?? []],
            Quarantined = finalReport?.Quarantined ?? [],
        };
        var transactions = new TransactionCheck([.. evidence.Effects.Where(effect => TransactionalNodeHandler.Names.Contains(effect.Handler))], committed);
        return new()
        {
            Number = number,
            Folder = folder,
            Faults =
            [
                .. injector.Counts,
                .. Enum.GetValues<NodeEnd>().Select(end => new FaultCount($"nodes ({end})", cluster.Ended.Count(run => run.EndKind == end))),
                new("effects committed in the transaction of an event", committed.Count),
            ],
            Notifications = evidence.Sent.Count,
            Deliveries = evidence.Sent.Sum(notification => notification.Deliveries),
            Attempts = evidence.Effects.Count,
            RepeatedAttempts = evidence.Effects.Count - evidence.Effects.DistinctBy(effect => (effect.EventId, effect.Handler)).Count() - evidence.Effects.Count(effect => effect.Result == EffectResult.Failed),
            AmbiguousAttempts = nodes.CountLate(),
            PollerRequests = pollers.Count,
            Handovers = pollers.FindHandovers(),
            Findings = [.. cluster.Findings, .. EvidenceChecker.Check(evidence), .. transactions.Find(), .. pollers.FindViolations()],
        };
    }
}
