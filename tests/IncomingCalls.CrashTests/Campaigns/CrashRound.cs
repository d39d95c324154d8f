namespace IncomingCalls.CrashTests;

/// <summary>
/// One round on one inbox file: hosts are killed or stopped, and restarted, under traffic, then one host runs undisturbed until everything is
/// handled, then one receives duplicates only. <see cref="EvidenceChecker"/> checks the evidence.
/// </summary>
internal sealed class CrashRound(int number, int kills, int seed, TimeProvider time)
{
    private static readonly TimeSpan UndisturbedRunLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    // Reproducible on purpose; nothing here is secret. The same seed makes the same plan; what happens still depends on the speed of the machine.
    private readonly Random _random = new(seed);

    public async Task<CrashRoundReport> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("incoming-calls-killed-").FullName;
        await using var gateway = await Gateway.StartAsync();
        var traffic = new CallTraffic(gateway, _random);
        var runs = new HostRuns(gateway, folder);
        var (kills, stops) = await KillAsync(gateway, traffic, runs);
        await RunUndisturbedAsync(gateway, runs, folder, "undisturbed", traffic.Finish);
        await RunUndisturbedAsync(gateway, runs, folder, "sent duplicates", () => traffic.SendDuplicates(20));

        var evidence = await EvidenceCollector.CollectAsync(gateway, runs, folder);
        var findings = (Finding[])[.. runs.Findings, .. EvidenceChecker.Check(evidence)];
        if (findings.Length == 0)
        {
            Directory.Delete(folder, recursive: true);
        }

        return new()
        {
            Number = number,
            Kills = kills,
            Stops = stops,
            Notifications = evidence.Sent.Count,
            Deliveries = evidence.Sent.Sum(notification => notification.Deliveries),
            Attempts = evidence.Effects.Count,
            RepeatedAttempts = evidence.Effects.Count - evidence.Effects.DistinctBy(effect => (effect.EventId, effect.Handler, effect.Attempt)).Count(),
            NamedRecords = evidence.Effects.Count(static effect => effect is { Handler: HandlerNames.Chat, HasName: true }),
            UnnamedRecords = evidence.Effects.Count(static effect => effect is { Handler: HandlerNames.Chat, HasName: false }),
            Findings = findings,
            Folder = folder,
        };
    }

    private async Task<(List<string> Kills, List<string> Stops)> KillAsync(Gateway gateway, CallTraffic traffic, HostRuns runs)
    {
        List<string> names = [];
        List<string> stops = [];
        var plans = new KillPlanGenerator(_random);
        var killer = new HostKiller(gateway, time);
        while (names.Count < kills)
        {
            var plan = plans.Next();
            traffic.Send(_random.Next(3, 9));
            await using var host = runs.Start(plan.CrashPoint);
            var sending = SendTrafficAsync(traffic, host);
            var name = await killer.EndAsync(host, plan) || plan.CrashPoint is null ? plan.Name : $"random moment, {plan.CrashPoint.Location} not reached as often";
            await sending;
            runs.RecordEnd(
                host,
                plan.IsStop ? $"stop at {name}" : name,
                plan.IsStop ? ExpectedEnd.Stopped : plan.Trigger == KillTrigger.Terminated ? ExpectedEnd.KilledOrStopped : ExpectedEnd.Killed);
            if (plan.IsStop)
            {
                stops.Add(name);
            }
            else if (host.IsKilled)
            {
                names.Add(name);
            }
        }

        return (names, stops);
    }

    /// <summary>Sends a notification at every tick while a host runs.</summary>
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

    private async Task RunUndisturbedAsync(Gateway gateway, HostRuns runs, string folder, string reason, Action send)
    {
        await using var host = runs.Start(crashPoint: null);
        send();
        await EvidenceCollector.WaitUntilCompleteAsync(gateway, folder, UndisturbedRunLimit, time);
        host.Terminate();
        await host.WaitForExitAsync();
        runs.RecordEnd(host, reason, ExpectedEnd.Stopped);
    }
}

/// <summary>The figures of a round.</summary>
internal sealed record CrashRoundReport
{
    public required int Number { get; init; }

    /// <summary>The name of the plan that killed each run.</summary>
    public required IReadOnlyList<string> Kills { get; init; }

    /// <summary>The name of the plan that stopped each run that had to stop cleanly.</summary>
    public required IReadOnlyList<string> Stops { get; init; }

    public required int Notifications { get; init; }

    public required int Deliveries { get; init; }

    public required int Attempts { get; init; }

    /// <summary>How many attempts were repeated because a kill fell between their end and their settlement.</summary>
    public required int RepeatedAttempts { get; init; }

    /// <summary>How many chat records were written with the caller's name.</summary>
    public required int NamedRecords { get; init; }

    /// <summary>How many chat records were written without the caller's name, since the wait for it was over.</summary>
    public required int UnnamedRecords { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The folder of the files; it is deleted when there is no finding.</summary>
    public required string Folder { get; init; }
}
