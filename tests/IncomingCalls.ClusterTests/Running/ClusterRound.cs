using IncomingCalls.CrashTests;
using IncomingCalls.Processes;

namespace IncomingCalls.ClusterTests;

/// <summary>
/// One cluster from its making to its end: silos are killed and paused under traffic, and Redis once; then they are left in peace until
/// all is handled, and then sent repeats only. What is found is the checker's.
/// </summary>
internal sealed class ClusterRound(ClusterCampaignOptions options, int number, int kills, TimeProvider time)
{
    private const int InstancesOfEach = 4;

    private static readonly TimeSpan CompletionTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SendInterval = TimeSpan.FromMilliseconds(40);

    /// <summary>How long a post is waited for: a silo that hangs is not.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    // Reproducible on purpose; nothing here is secret. How fast the machine is, is not: the same seed plans the same.
    private readonly int _seed = unchecked((options.Seed * 31) + number);
    private readonly Random _random = new(unchecked((options.Seed * 31) + number));

    public async Task<ClusterRoundReport> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("incoming-calls-cluster-").FullName;
        await using var redis = new RedisProcess();
        await redis.StartAsync();
        using var watch = new PollRequestObserver();
        await using var gateway = await Gateway.StartAsync(InstancesOfEach, AnswerTimeout);
        await using var cluster = new Cluster(gateway, folder, redis.Port, time);
        using var client = new HttpClient(new RoundRobinHandler(() => cluster.Addresses));
        gateway.SetWebhookClient(client);

        // Traffic has chances of its own: how much of it there is depends on the machine.
        var traffic = new CallTraffic(gateway, new(_seed));
        await InjectFaultsAsync(cluster, redis, traffic);
        traffic.Finish();
        await cluster.WaitUntilCompleteAsync(CompletionTimeout);
        traffic.SendDuplicates(20);
        var left = await cluster.WaitUntilCompleteAsync(CompletionTimeout);
        await TerminateAllAsync(cluster);
        var report = Check(gateway, cluster, watch, left, folder);
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
        using var enough = new CancellationTokenSource();
        var feeding = SendTrafficAsync(traffic, enough.Token);
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds), time, CancellationToken.None);
        foreach (var (index, disturbance) in DealFaults().Take(kills).Index())
        {
            if (index == kills / 2)
            {
                await RestartAsync(redis);
            }

            await InjectFaultsAsync(cluster, disturbance);
        }

        await enough.CancelAsync();
        await feeding;
    }

    private async Task InjectFaultsAsync(Cluster cluster, InjectedFault disturbance)
    {
        // Mostly all of them work then; now and then one is still on its way back.
        if (_random.Next(4) > 0)
        {
            await cluster.WaitUntilListeningAsync();
        }

        await DelayAsync(2500);
        await cluster.RestartEndedAsync();
        var silo = await cluster.ChooseAsync(_random);
        switch (disturbance)
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

    /// <summary>Deals what is done like cards, so that none of it is left to luck.</summary>
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

    /// <summary>Sends a notification now and then.</summary>
    private async Task SendTrafficAsync(CallTraffic traffic, CancellationToken enough)
    {
        using var timer = new PeriodicTimer(SendInterval, time);
        while (!enough.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            traffic.Send(1);
        }
    }

    private static async Task TerminateAllAsync(Cluster cluster)
    {
        foreach (var silo in cluster.Silos)
        {
            cluster.RecordEnded(silo, await silo.TerminateAsync());
        }
    }

    private ClusterRoundReport Check(Gateway gateway, Cluster cluster, PollRequestObserver watch, SiloReport? left, string folder)
    {
        var silos = new SiloRuns(cluster.Ended, EffectsFile.ReadAll(folder));
        var pollers = new PollerCheck(watch.RequestsAt(gateway.ApiUrl.Port), cluster.Ended);
        var evidence = new ClusterEvidence
        {
            Sent = gateway.GetSent(),
            Effects = silos.OrderEffects(),
            Runs = [],
            Silos = silos,
            DeadLetters = [.. left?.DeadLetters.Select(letter => (letter.EventId, letter.Handler)) ?? []],
            Quarantined = left?.Quarantined ?? [],
        };
        return new()
        {
            Number = number,
            Folder = folder,
            Runs = cluster.Ended,
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

/// <summary>What is done to a silo.</summary>
internal enum InjectedFault
{
    /// <summary>It is killed, and started again.</summary>
    Kill = 0,

    /// <summary>It hangs for a time in which the others may still wait for it.</summary>
    ShortPause,

    /// <summary>It hangs until the others have declared it dead, wakes, and finds that out.</summary>
    LongPause,
}

/// <summary>What a round came to.</summary>
internal sealed record ClusterRoundReport
{
    /// <summary>Which of the campaign's rounds it was, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>Where logs and effects lie, when there are findings.</summary>
    public required string Folder { get; init; }

    /// <summary>All processes that were silos.</summary>
    public required IReadOnlyList<SiloRun> Runs { get; init; }

    public required int Notifications { get; init; }

    public required int Deliveries { get; init; }

    public required int Attempts { get; init; }

    /// <summary>How many of the attempts were made again after a kill or an eviction before their mark.</summary>
    public required int RepeatedAttempts { get; init; }

    /// <summary>How many an evicted silo and its successor both made before it ended.</summary>
    public required int AmbiguousAttempts { get; init; }

    public required int PollerRequests { get; init; }

    /// <summary>How many of them an evicted silo made beside its successor.</summary>
    public required int AmbiguousPollerRequests { get; init; }

    /// <summary>The times in which an instance had two pollers.</summary>
    public required IReadOnlyList<TimeSpan> Handovers { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }
}
