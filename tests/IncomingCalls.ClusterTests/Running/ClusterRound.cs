using IncomingCalls.CrashTests;
using IncomingCalls.Processes;

namespace IncomingCalls.ClusterTests;

/// <summary>
/// One round on one cluster: silos are killed and paused under traffic, and Redis is killed once; then the cluster runs undisturbed until
/// everything is handled, and then it receives duplicates only. <see cref="EvidenceChecker"/> checks the evidence.
/// </summary>
internal sealed class ClusterRound(ClusterCampaignOptions options, int number, int kills, TimeProvider time)
{
    private const int InstancesOfEach = 4;

    private static readonly TimeSpan CompletionTimeout = TimeSpan.FromMinutes(2);

    /// <summary>The timeout of a post, so that a paused silo is not waited for.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    // Reproducible on purpose; nothing here is secret. The same seed makes the same plan; what happens still depends on the speed of the machine.
    private readonly int _seed = unchecked((options.Seed * 31) + number);
    private readonly Random _random = new(unchecked((options.Seed * 31) + number));

    public async Task<ClusterRoundReport> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("incoming-calls-cluster-").FullName;
        await using var redis = new RedisProcess();
        await redis.StartAsync();
        using var observer = new PollRequestObserver();
        await using var gateway = await Gateway.StartAsync(InstancesOfEach, AnswerTimeout);
        await using var cluster = new Cluster(gateway, folder, redis.Port, time);
        using var client = new HttpClient(new RoundRobinHandler(() => cluster.Addresses));
        gateway.SetWebhookClient(client);

        // Traffic has a separate generator, since the amount of traffic depends on the speed of the machine.
        var traffic = new CallTraffic(gateway, new(_seed));
        await InjectFaultsAsync(cluster, redis, traffic);
        traffic.Finish();
        await cluster.WaitUntilCompleteAsync(CompletionTimeout);
        traffic.SendDuplicates(20);
        var finalReport = await cluster.WaitUntilCompleteAsync(CompletionTimeout);
        await TerminateAllAsync(cluster);
        var report = Check(gateway, cluster, observer, finalReport, folder);
        if (report.Findings.Count == 0)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            await cluster.WriteStoredAsync();
            await File.WriteAllLinesAsync(Path.Combine(folder, "sent"), gateway.Describe());
        }

        return report;
    }

    private async Task InjectFaultsAsync(Cluster cluster, RedisProcess redis, CallTraffic traffic)
    {
        for (var node = 1; node <= options.Silos; node++)
        {
            cluster.Start(node, isSamePort: false);
        }

        await cluster.WaitUntilListeningAsync();
        using var stopTraffic = new CancellationTokenSource();
        var sending = SteadyTraffic.SendAsync(traffic, time, stopTraffic.Token);
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds), time, CancellationToken.None);
        foreach (var (index, fault) in DealFaults().Take(kills).Index())
        {
            if (index == kills / 2)
            {
                await RestartAsync(redis);
            }

            await InjectFaultAsync(cluster, fault);
        }

        await stopTraffic.CancelAsync();
        await sending;
    }

    private async Task InjectFaultAsync(Cluster cluster, InjectedFault fault)
    {
        // Usually all silos work when a fault is injected; in one case of four one may still be restarting.
        if (_random.Next(4) > 0)
        {
            await cluster.WaitUntilListeningAsync();
        }

        await DelayAsync(2500);
        await cluster.RestartEndedAsync();
        var silo = await cluster.ChooseAsync(_random);
        switch (fault)
        {
            case InjectedFault.ShortPause:
                await silo.PauseAsync(TimeSpan.FromMilliseconds(_random.Next(500, 4000)), time);
                break;
            case InjectedFault.LongPause:
                await silo.PauseAsync(TimeSpan.FromMilliseconds(_random.Next(6000, 12_000)), time);
                break;
            default:
                cluster.RecordEnded(silo, await silo.KillAsync());
                await DelayAsync(3000);
                cluster.Start(silo.Node, isSamePort: _random.Next(2) == 0);
                break;
        }
    }

    /// <summary>Deals the faults from a shuffled deck, so that each kind occurs.</summary>
    private IEnumerable<InjectedFault> DealFaults()
    {
        while (true)
        {
            InjectedFault[] deck = [InjectedFault.Kill, InjectedFault.Kill, InjectedFault.Kill, InjectedFault.ShortPause, InjectedFault.LongPause, InjectedFault.LongPause];
            _random.Shuffle(deck);
            foreach (var card in deck)
            {
                yield return card;
            }
        }
    }

    private async Task RestartAsync(RedisProcess redis)
    {
        await redis.KillAsync();
        await DelayAsync(1500);
        await redis.StartAsync();
    }

    private Task DelayAsync(int atMost) => Task.Delay(TimeSpan.FromMilliseconds(_random.Next(atMost)), time);

    private static async Task TerminateAllAsync(Cluster cluster)
    {
        foreach (var silo in cluster.Running)
        {
            cluster.RecordEnded(silo, await silo.TerminateAsync());
        }
    }

    private ClusterRoundReport Check(Gateway gateway, Cluster cluster, PollRequestObserver observer, InboxReport? finalReport, string folder)
    {
        var silos = new SiloRuns(cluster.Ended, EffectsFile.ReadAll(folder));
        var pollers = new PollerCheck(observer.RequestsAt(gateway.ApiUrl.Port), cluster.Ended);
        var evidence = new ClusterEvidence
        {
            Sent = gateway.GetSent(),
            Effects = silos.OrderEffects(),
            Runs = [],
            Silos = silos,
            DeadLetters = [.. finalReport?.DeadLetters.Select(letter => (letter.EventId, letter.Handler)) ?? []],
            Quarantined = finalReport?.Quarantined ?? [],
        };
        return new()
        {
            Number = number,
            Folder = folder,
            Faults =
            [
                .. Enum.GetValues<SiloEnd>().Select(end => new FaultCount($"silos ({end})", cluster.Ended.Count(run => run.EndKind == end))),
                new("pauses", cluster.Ended.Sum(run => run.Pauses.Count)),
            ],
            Notifications = evidence.Sent.Count,
            Deliveries = evidence.Sent.Sum(notification => notification.Deliveries),
            Attempts = evidence.Effects.Count,
            RepeatedAttempts = evidence.Effects.Count - evidence.Effects.DistinctBy(effect => (effect.EventId, effect.Handler, effect.Attempt)).Count(),
            AmbiguousAttempts = silos.FindAmbiguousAttempts().Count,
            PollerRequests = pollers.Count,
            AmbiguousPollerRequests = pollers.CountOverlapsOfEvicted(),
            Handovers = pollers.FindHandovers(),
            Findings = [.. cluster.Findings, .. EvidenceChecker.Check(evidence), .. pollers.FindViolations()],
        };
    }
}

/// <summary>The faults that are injected into a silo.</summary>
internal enum InjectedFault
{
    /// <summary>The silo is killed and restarted.</summary>
    Kill = 0,

    /// <summary>The silo is paused for a time that the others may tolerate.</summary>
    ShortPause,

    /// <summary>The silo is paused until the others have declared it dead, and finds that out when it resumes.</summary>
    LongPause,
}
