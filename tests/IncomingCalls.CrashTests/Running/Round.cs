namespace IncomingCalls.CrashTests;

/// <summary>
/// One inbox file from its making to its end: kills and restarts under traffic, then a host that is left in peace until all is
/// handled, then one that is sent repeats only. What is found is the checker's.
/// </summary>
internal sealed class Round(int number, int kills, int seed, TimeProvider time)
{
    private static readonly TimeSpan PeaceLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    // Reproducible on purpose; nothing here is secret. How fast the machine is, is not: the same seed plans the same.
    private readonly Random _chance = new(seed);

    public async Task<RoundReport> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("incoming-calls-killed-").FullName;
        await using var gateway = await Gateway.StartAsync();
        var traffic = new CallTraffic(gateway, _chance);
        var lives = new Lives(gateway, folder);
        var kills = await KillAsync(gateway, traffic, lives);
        await LiveInPeaceAsync(gateway, lives, folder, "left in peace", traffic.Finish);
        await LiveInPeaceAsync(gateway, lives, folder, "sent repeats", () => traffic.Repeat(20));

        var evidence = await EvidenceCollector.CollectAsync(gateway, lives, folder);
        var findings = (Finding[])[.. lives.Findings, .. Checker.Check(evidence)];
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

    private async Task<List<string>> KillAsync(Gateway gateway, CallTraffic traffic, Lives lives)
    {
        List<string> names = [];
        var plans = new KillPlans(_chance);
        var killer = new Killer(gateway, time);
        while (names.Count < kills)
        {
            var plan = plans.Next();
            traffic.Send(_chance.Next(3, 9));
            await using var host = lives.Start(plan.DieAt);
            var feeding = FeedAsync(traffic, host);
            var name = await killer.EndAsync(host, plan) || plan.DieAt is null ? plan.Name : $"random moment, {plan.DieAt.Point} not passed as often";
            await feeding;
            lives.Note(host, name, mayEndByItself: plan.Trigger == KillTrigger.Terminated);
            if (host.IsKilled)
            {
                names.Add(name);
            }
        }

        return names;
    }

    /// <summary>Sends a notification now and then while a host lives.</summary>
    private async Task FeedAsync(CallTraffic traffic, HostProcess host)
    {
        var end = host.WaitAsync();
        using var timer = new PeriodicTimer(Look, time);
        while (!end.IsCompleted)
        {
            await timer.WaitForNextTickAsync();
            traffic.Send(1);
        }
    }

    private async Task LiveInPeaceAsync(Gateway gateway, Lives lives, string folder, string reason, Action send)
    {
        await using var host = lives.Start(dieAt: null);
        send();
        await EvidenceCollector.WaitUntilCompleteAsync(gateway, folder, PeaceLimit, time);
        host.Terminate();
        await host.WaitAsync();
        lives.Note(host, reason, mayEndByItself: true);
    }
}
