namespace IncomingCalls.CrashTests;

/// <summary>
/// One inbox file from its making to its end: kills and restarts under traffic, then a host that is left in peace until all is
/// handled, then one that is sent repeats only. What is found is the checker's.
/// </summary>
internal sealed class CrashRound(int number, int kills, int seed, TimeProvider time)
{
    private static readonly TimeSpan UndisturbedRunLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    // Reproducible on purpose; nothing here is secret. How fast the machine is, is not: the same seed plans the same.
    private readonly Random _random = new(seed);

    public async Task<CrashRoundReport> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("incoming-calls-killed-").FullName;
        await using var gateway = await Gateway.StartAsync();
        var traffic = new CallTraffic(gateway, _random);
        var lives = new HostRuns(gateway, folder);
        var kills = await KillAsync(gateway, traffic, lives);
        await RunUndisturbedAsync(gateway, lives, folder, "left in peace", traffic.Finish);
        await RunUndisturbedAsync(gateway, lives, folder, "sent repeats", () => traffic.SendDuplicates(20));

        var evidence = await EvidenceCollector.CollectAsync(gateway, lives, folder);
        var findings = (Finding[])[.. lives.Findings, .. EvidenceChecker.Check(evidence)];
        if (findings.Length == 0)
        {
            Directory.Delete(folder, recursive: true);
        }

        return new()
        {
            Number = number,
            Kills = kills,
            Notifications = evidence.Sent.Count,
            Deliveries = evidence.Sent.Sum(notification => notification.Deliveries),
            Attempts = evidence.Effects.Count,
            RepeatedAttempts = evidence.Effects.Count - evidence.Effects.DistinctBy(effect => (effect.EventId, effect.Handler, effect.Attempt)).Count(),
            Findings = findings,
            Folder = folder,
        };
    }

    private async Task<List<string>> KillAsync(Gateway gateway, CallTraffic traffic, HostRuns lives)
    {
        List<string> names = [];
        var plans = new KillPlanGenerator(_random);
        var killer = new HostKiller(gateway, time);
        while (names.Count < kills)
        {
            var plan = plans.Next();
            traffic.Send(_random.Next(3, 9));
            await using var host = lives.Start(plan.CrashPoint);
            var feeding = SendTrafficAsync(traffic, host);
            var name = await killer.EndAsync(host, plan) || plan.CrashPoint is null ? plan.Name : $"random moment, {plan.CrashPoint.Location} not passed as often";
            await feeding;
            lives.RecordEnd(host, name, mayEndByItself: plan.Trigger == KillTrigger.Terminated);
            if (host.IsKilled)
            {
                names.Add(name);
            }
        }

        return names;
    }

    /// <summary>Sends a notification now and then while a host lives.</summary>
    private async Task SendTrafficAsync(CallTraffic traffic, HostProcess host)
    {
        var end = host.WaitForExitAsync();
        using var timer = new PeriodicTimer(PollInterval, time);
        while (!end.IsCompleted)
        {
            await timer.WaitForNextTickAsync();
            traffic.Send(1);
        }
    }

    private async Task RunUndisturbedAsync(Gateway gateway, HostRuns lives, string folder, string reason, Action send)
    {
        await using var host = lives.Start(dieAt: null);
        send();
        await EvidenceCollector.WaitUntilCompleteAsync(gateway, folder, UndisturbedRunLimit, time);
        host.Terminate();
        await host.WaitForExitAsync();
        lives.RecordEnd(host, reason, mayEndByItself: true);
    }
}

/// <summary>The figures of a round.</summary>
internal sealed record CrashRoundReport
{
    public required int Number { get; init; }

    /// <summary>What each life was killed by.</summary>
    public required IReadOnlyList<string> Kills { get; init; }

    public required int Notifications { get; init; }

    public required int Deliveries { get; init; }

    public required int Attempts { get; init; }

    /// <summary>How many attempts were made again because a kill fell between their end and the mark.</summary>
    public required int RepeatedAttempts { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Where the files are; kept when something was found.</summary>
    public required string Folder { get; init; }
}
