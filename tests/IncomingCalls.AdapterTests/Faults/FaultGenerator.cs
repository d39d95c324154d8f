using IncomingCalls.AdapterTests.Hosting;
using IncomingCalls.Fakes.Crm;

namespace IncomingCalls.AdapterTests.Faults;

/// <summary>What goes wrong in a campaign, and when.</summary>
internal sealed class FaultGenerator(CampaignWorld world, Random random, DateTimeOffset start, TimeSpan duration)
{
    private static readonly TimeSpan PauseDuration = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan KillInterval = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan StormInterval = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FaultInterval = TimeSpan.FromMinutes(1);

    private static readonly CrmFault[] Faults =
    [
        CrmFault.LostAnswer, CrmFault.ServerError, CrmFault.ServerErrorAfterExecution, CrmFault.BadGateway, CrmFault.LoginPage, CrmFault.PaymentRequired, CrmFault.ConnectionCut,
    ];

    /// <summary>The number of pauses of portals.</summary>
    public int PauseCount { get; private set; }

    /// <summary>The number of answers 429 that were scripted.</summary>
    public int StormAnswerCount { get; private set; }

    /// <summary>The number of other faults that were scripted.</summary>
    public int FaultCount { get; private set; }

    /// <summary>Creates the events of a campaign.</summary>
    /// <param name="portals">The portals that have faults, some of which are paused at any time.</param>
    /// <param name="pausedCount">How many are paused at any time.</param>
    public IEnumerable<(DateTimeOffset Time, Func<Task> Action)> Create(IReadOnlyList<CrmPortal> portals, int pausedCount)
    {
        for (var time = start; time < start + duration; time += PauseDuration)
        {
            var shuffled = portals.ToArray();
            random.Shuffle(shuffled);
            foreach (var portal in shuffled.Take(pausedCount))
            {
                // Not all at the same moment.
                var begin = time + (TimeSpan.FromMinutes(2) * random.NextDouble());
                yield return (begin, () => PauseAsync(portal));
                yield return (time + PauseDuration - TimeSpan.FromSeconds(1), () => ResumeAsync(portal));
            }
        }

        foreach (var time in Every(StormInterval))
        {
            yield return (time, () => FailAsync(portals[random.Next(portals.Count)], CrmFault.TooManyRequests, random.Next(1, 5)));
        }

        foreach (var time in Every(FaultInterval))
        {
            yield return (time, () => FailAsync(portals[random.Next(portals.Count)], Faults[random.Next(Faults.Length)], 1));
        }

        foreach (var time in Every(KillInterval))
        {
            yield return (time, PlanKillAsync);
        }
    }

    private IEnumerable<DateTimeOffset> Every(TimeSpan interval)
    {
        for (var time = start + interval; time < start + duration; time += interval)
        {
            yield return time + (interval * random.NextDouble());
        }
    }

    private Task PauseAsync(CrmPortal portal)
    {
        PauseCount++;
        switch (random.Next(4))
        {
            case 0:
                portal.IsDown = true;
                break;
            case 1:
                portal.SubscriptionIsOver = true;
                break;
            default:
                portal.RevokeTokens();
                break;
        }

        return Task.CompletedTask;
    }

    private async Task ResumeAsync(CrmPortal portal)
    {
        (portal.IsDown, portal.SubscriptionIsOver) = (false, false);
        world.Table.Connect(portal);
        if (random.Next(2) == 0)
        {
            await world.Administration.EndPausesAsync("crm", $"crm:{portal.Name}");
        }
    }

    private Task FailAsync(CrmPortal portal, CrmFault fault, int times)
    {
        if (fault == CrmFault.TooManyRequests)
        {
            StormAnswerCount += times;
        }
        else
        {
            FaultCount += times;
        }

        portal.FailNext(fault, times);
        return Task.CompletedTask;
    }

    /// <summary>The process dies at one of the next places that attempts reach, or now.</summary>
    private Task PlanKillAsync()
    {
        var place = (KillPlace)random.Next(4);
        world.Kill(place == KillPlace.Idle ? null : new(place, random.Next(1, 10)));
        return Task.CompletedTask;
    }
}
