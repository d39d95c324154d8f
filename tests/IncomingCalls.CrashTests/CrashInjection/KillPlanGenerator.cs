namespace IncomingCalls.CrashTests;

/// <summary>Deals the ways to die like cards, so that none is left to luck; how often a point is passed before, and how long after, is.</summary>
internal sealed class KillPlanGenerator(Random chance)
{
    private static readonly KillTrigger[] Triggers = Enum.GetValues<KillTrigger>();
    private static readonly CrashLocation[] Locations = Enum.GetValues<CrashLocation>();

    private readonly Stack<Func<KillPlan>> _deck = new();

    public KillPlan Next()
    {
        if (_deck.Count == 0)
        {
            // Each point twice for each trigger: kills from outside find what has no name.
            Func<KillPlan>[] deck = [.. Locations.Select(PlanCrashAt), .. Locations.Select(PlanCrashAt), .. Triggers.Select(PlanKillAfter), .. Triggers.Select(PlanKillAfter)];
            chance.Shuffle(deck);
            foreach (var card in deck)
            {
                _deck.Push(card);
            }
        }

        return _deck.Pop()();
    }

    private Func<KillPlan> PlanCrashAt(CrashLocation point) => () => new()
    {
        Name = $"{point}",
        CrashPoint = new()
        {
            Location = point,
            Occurrence = 1 + (int)(TypicalOccurrences(point) * Math.Pow(chance.NextDouble(), 2)),
            Delay = chance.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(chance.Next(1, 3_000)),
        },
    };

    private Func<KillPlan> PlanKillAfter(KillTrigger trigger) => () => new()
    {
        Name = $"random moment, {trigger}",
        Trigger = trigger,
        Acknowledgements = 1 + chance.Next(6),
        Delay = trigger switch
        {
            KillTrigger.Started => TimeSpan.FromMilliseconds(chance.Next(600)),
            KillTrigger.Listening => TimeSpan.FromMilliseconds(chance.Next(300)),
            KillTrigger.Acknowledged => TimeSpan.FromMilliseconds(chance.Next(3)),
            _ => TimeSpan.FromMilliseconds(chance.Next(60)),
        },
    };

    /// <summary>How often a life of a second passes a point, roughly.</summary>
    private static int TypicalOccurrences(CrashLocation point) => point switch
    {
        CrashLocation.Opening or CrashLocation.Opened => 1,
        CrashLocation.Writing => 20,
        CrashLocation.Committing => 12,
        CrashLocation.Committed => 8,
        CrashLocation.Handling or CrashLocation.Handled or CrashLocation.Settling => 12,
        _ => 4,
    };
}

/// <summary>How one life is to end.</summary>
internal sealed record KillPlan
{
    /// <summary>Why, for the figures: a <see cref="CrashLocation"/>, or what the killer waits for.</summary>
    public required string Name { get; init; }

    /// <summary>The point at which the host kills itself; null where it is killed from outside.</summary>
    public CrashPoint? CrashPoint { get; init; }

    /// <summary>What the killer waits for before its <see cref="Delay"/>, where the host does not kill itself.</summary>
    public KillTrigger Trigger { get; init; }

    /// <summary>How many acknowledgements, for <see cref="KillTrigger.Acknowledged"/>.</summary>
    public int Acknowledgements { get; init; }

    /// <summary>How long the killer waits then.</summary>
    public TimeSpan Delay { get; init; }
}

/// <summary>What a killer outside the host waits for.</summary>
internal enum KillTrigger
{
    /// <summary>Nothing: from the start of the process on.</summary>
    Started = 0,

    /// <summary>Both transports run.</summary>
    Listening,

    /// <summary>The gateway has seen answers and deletions.</summary>
    Acknowledged,

    /// <summary>The host runs, and was asked to end.</summary>
    Terminated,
}
