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

    private static readonly TimeSpan PeaceLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(40);

    /// <summary>How long a post is waited for: a silo that hangs is not.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    // Reproducible on purpose; nothing here is secret. How fast the machine is, is not: the same seed plans the same.
    private readonly int _seed = unchecked((options.Seed * 31) + number);
    private readonly Random _chance = new(unchecked((options.Seed * 31) + number));

    public async Task<ClusterReport> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("incoming-calls-cluster-").FullName;
        await using var redis = new RedisProcess();
        await redis.StartAsync();
        using var watch = new ApiWatch();
        await using var gateway = await Gateway.StartAsync(InstancesOfEach, AnswerTimeout);
        await using var cluster = new Cluster(gateway, folder, redis.Port, time);
        using var client = new HttpClient(new InTurn(() => cluster.Addresses));
        gateway.PostThrough(client);

        // Traffic has chances of its own: how much of it there is depends on the machine.
        var traffic = new CallTraffic(gateway, new(_seed));
        await DisturbAsync(cluster, redis, traffic);
        traffic.Finish();
        await cluster.WaitUntilCompleteAsync(PeaceLimit);
        traffic.Repeat(20);
        var left = await cluster.WaitUntilCompleteAsync(PeaceLimit);
        await EndAsync(cluster);
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

    private async Task DisturbAsync(Cluster cluster, RedisProcess redis, CallTraffic traffic)
    {
        for (var node = 1; node <= options.Silos; node++)
        {
            cluster.Start(node, isSamePort: false);
        }

        await cluster.WaitUntilListeningAsync();
        using var enough = new CancellationTokenSource();
        var feeding = FeedAsync(traffic, enough.Token);
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds), time, CancellationToken.None);
        foreach (var (index, disturbance) in Deal().Take(kills).Index())
        {
            if (index == kills / 2)
            {
                await RestartAsync(redis);
            }

            await DisturbAsync(cluster, disturbance);
        }

        await enough.CancelAsync();
        await feeding;
    }

    private async Task DisturbAsync(Cluster cluster, Disturbance disturbance)
    {
        // Mostly all of them work then; now and then one is still on its way back.
        if (_chance.Next(4) > 0)
        {
            await cluster.WaitUntilListeningAsync();
        }

        await DelayAsync(2500);
        await cluster.RestartEndedAsync();
        var silo = await cluster.ChooseAsync(_chance);
        switch (disturbance)
        {
            case Disturbance.ShortPause:
                await silo.PauseAsync(TimeSpan.FromMilliseconds(_chance.Next(500, 4000)), time);
                break;
            case Disturbance.LongPause:
                await silo.PauseAsync(TimeSpan.FromMilliseconds(_chance.Next(6000, 12_000)), time);
                break;
            default:
                cluster.Note(silo, await silo.KillAsync());
                await DelayAsync(3000);
                cluster.Start(silo.Node, isSamePort: _chance.Next(2) == 0);
                break;
        }
    }

    /// <summary>Deals what is done like cards, so that none of it is left to luck.</summary>
    private IEnumerable<Disturbance> Deal()
    {
        while (true)
        {
            Disturbance[] deck = [Disturbance.Kill, Disturbance.Kill, Disturbance.Kill, Disturbance.ShortPause, Disturbance.LongPause, Disturbance.LongPause];
            _chance.Shuffle(deck);
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

    private Task DelayAsync(int atMost) => Task.Delay(TimeSpan.FromMilliseconds(_chance.Next(atMost)), time);

    /// <summary>Sends a notification now and then.</summary>
    private async Task FeedAsync(CallTraffic traffic, CancellationToken enough)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (!enough.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            traffic.Send(1);
        }
    }

    private static async Task EndAsync(Cluster cluster)
    {
        foreach (var silo in cluster.Silos)
        {
            cluster.Note(silo, await silo.TerminateAsync());
        }
    }

    private ClusterReport Check(Gateway gateway, Cluster cluster, ApiWatch watch, SiloReport? left, string folder)
    {
        var silos = new SiloLives(cluster.Ended, EffectsFile.ReadAll(folder));
        var pollers = new PollerCheck(watch.RequestsAt(gateway.ApiUrl.Port), cluster.Ended);
        var evidence = new ClusterEvidence
        {
            Sent = gateway.Sent(),
            Effects = silos.InOrder(),
            Lives = [],
            Silos = silos,
            DeadLetters = [.. left?.DeadLetters.Select(letter => (letter.EventId, letter.Handler)) ?? []],
            Quarantined = left?.Quarantined ?? [],
        };
        return new()
        {
            Number = number,
            Folder = folder,
            Lives = cluster.Ended,
            Notifications = evidence.Sent.Count,
            Deliveries = evidence.Sent.Sum(notification => notification.Deliveries),
            Attempts = evidence.Effects.Count,
            RepeatedAttempts = evidence.Effects.Count - evidence.Effects.DistinctBy(effect => (effect.EventId, effect.Handler, effect.Attempt)).Count(),
            AttemptsInDoubt = silos.MadeInDoubt().Count,
            PollerRequests = pollers.Count,
            PollerRequestsInDoubt = pollers.CountOfEvicted(),
            HandOvers = pollers.HandOvers(),
            Findings = [.. cluster.Findings, .. Checker.Check(evidence), .. pollers.Findings()],
        };
    }
}
