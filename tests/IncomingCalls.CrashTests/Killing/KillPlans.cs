namespace IncomingCalls.CrashTests;

/// <summary>Deals the ways to die like cards, so that none is left to luck; how often a point is passed before, and how long after, is.</summary>
internal sealed class KillPlans(Random chance)
{
    private static readonly KillTrigger[] Triggers = Enum.GetValues<KillTrigger>();
    private static readonly KillPoint[] Points = Enum.GetValues<KillPoint>();

    private readonly Stack<Func<KillPlan>> _cards = new();

    public KillPlan Next()
    {
        if (_cards.Count == 0)
        {
            // Each point twice for each trigger: kills from outside find what has no name.
            Func<KillPlan>[] deck = [.. Points.Select(At), .. Points.Select(At), .. Triggers.Select(After), .. Triggers.Select(After)];
            chance.Shuffle(deck);
            foreach (var card in deck)
            {
                _cards.Push(card);
            }
        }

        return _cards.Pop()();
    }

    private Func<KillPlan> At(KillPoint point) => () => new()
    {
        Name = $"{point}",
        DieAt = new()
        {
            Point = point,
            Nth = 1 + (int)(UsualPasses(point) * Math.Pow(chance.NextDouble(), 2)),
            Delay = chance.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(chance.Next(1, 3_000)),
        },
    };

    private Func<KillPlan> After(KillTrigger trigger) => () => new()
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
    private static int UsualPasses(KillPoint point) => point switch
    {
        KillPoint.Opening or KillPoint.Opened => 1,
        KillPoint.Writing => 20,
        KillPoint.Committing => 12,
        KillPoint.Committed => 8,
        KillPoint.Handling or KillPoint.Handled or KillPoint.Marking => 12,
        _ => 4,
    };
}
