namespace IncomingCalls.CrashTests;

/// <summary>
/// Deals the ways to kill or stop a host from a shuffled deck, so that each of them is used; which occurrence of a location does it, and after
/// which delay, is random.
/// </summary>
internal sealed class KillPlanGenerator(Random random)
{
    private static readonly KillTrigger[] Triggers = Enum.GetValues<KillTrigger>();
    private static readonly CrashLocation[] Locations = Enum.GetValues<CrashLocation>();

    private readonly Stack<Func<KillPlan>> _deck = new();

    public KillPlan Next()
    {
        if (_deck.Count == 0)
        {
            // Each location and each trigger twice: kills from outside hit moments that no location names. A stop at each location once.
            Func<KillPlan>[] deck =
            [
                .. Locations.Select(PlanKillAt), .. Locations.Select(PlanKillAt), .. Triggers.Select(PlanKillAfter), .. Triggers.Select(PlanKillAfter), .. Locations.Select(PlanStopAt),
            ];
            random.Shuffle(deck);
            foreach (var card in deck)
            {
                _deck.Push(card);
            }
        }

        return _deck.Pop()();
    }

    private Func<KillPlan> PlanKillAt(CrashLocation location) => () => new() { Name = $"{location}", CrashPoint = ChooseCrashPoint(location) };

    private Func<KillPlan> PlanStopAt(CrashLocation location) => () => new() { Name = $"{location}", CrashPoint = ChooseCrashPoint(location) with { IsStop = true } };

    private CrashPoint ChooseCrashPoint(CrashLocation location) => new()
    {
        Location = location,
        Occurrence = 1 + (int)(TypicalOccurrences(location) * Math.Pow(random.NextDouble(), 2)),
        Delay = random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(random.Next(1, MaxDelayMicroseconds(location))),
    };

    private Func<KillPlan> PlanKillAfter(KillTrigger trigger) => () => new()
    {
        Name = $"random moment, {trigger}",
        Trigger = trigger,
        Acknowledgements = 1 + random.Next(6),
        Delay = trigger switch
        {
            KillTrigger.Started => TimeSpan.FromMilliseconds(random.Next(600)),
            KillTrigger.Listening => TimeSpan.FromMilliseconds(random.Next(300)),
            KillTrigger.Acknowledged => TimeSpan.FromMilliseconds(random.Next(3)),
            _ => TimeSpan.FromMilliseconds(random.Next(60)),
        },
    };

    /// <summary>A lookup starts a wait that is much longer than the steps of the other locations; the delay covers it and its deadline.</summary>
    private static int MaxDelayMicroseconds(CrashLocation location) => location == CrashLocation.LookingUp ? 500_000 : 3_000;

    /// <summary>Roughly how often a run of one second reaches a location.</summary>
    private static int TypicalOccurrences(CrashLocation location) => location switch
    {
        CrashLocation.Opening or CrashLocation.Opened => 1,
        CrashLocation.Writing => 20,
        CrashLocation.Committing => 12,
        CrashLocation.Committed => 8,
        CrashLocation.Handling or CrashLocation.Handled or CrashLocation.Settling => 12,
        _ => 4,
    };
}

/// <summary>The plan of how one run ends.</summary>
internal sealed record KillPlan
{
    /// <summary>The name in the figures: a <see cref="CrashLocation"/>, or what the killer waits for.</summary>
    public required string Name { get; init; }

    /// <summary>The point at which the host kills or stops itself; null where it is killed from outside.</summary>
    public CrashPoint? CrashPoint { get; init; }

    /// <summary>What the killer waits for before its <see cref="Delay"/>, where the host does not kill itself.</summary>
    public KillTrigger Trigger { get; init; }

    /// <summary>How many acknowledgements, for <see cref="KillTrigger.Acknowledged"/>.</summary>
    public int Acknowledgements { get; init; }

    /// <summary>How long the killer waits after that.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether the host is asked to stop, and must do so without a kill.</summary>
    public bool IsStop => CrashPoint is { IsStop: true };
}

/// <summary>What a killer outside of the host waits for.</summary>
internal enum KillTrigger
{
    /// <summary>Nothing: the delay begins with the start of the process.</summary>
    Started = 0,

    /// <summary>Both transports run.</summary>
    Listening,

    /// <summary>The gateway has received acknowledgements: answers and deletions.</summary>
    Acknowledged,

    /// <summary>The host runs and was asked to stop.</summary>
    Terminated,
}
