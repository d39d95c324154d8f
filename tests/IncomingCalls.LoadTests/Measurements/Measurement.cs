namespace IncomingCalls.LoadTests;

/// <summary>One line of the table in docs/performance.md.</summary>
internal abstract class Measurement
{
    public abstract string Name { get; }

    public abstract Goal Goal { get; }

    public abstract Task<Figure> RunAsync(LoadOptions options);
}

/// <summary>Every measurement, in the order in which they run.</summary>
internal static class MeasurementCatalog
{
    public static IReadOnlyList<Measurement> All { get; } =
    [
        new ParseBytes(),
        new WebhookRate("webhook.memory.vs_bare", Goal.AtLeast(0.85), ServerKind.BaselineEndpoint, ServerKind.InMemory),
        new WebhookRate("webhook.sqlite.vs_bare", Goal.AtLeast(0.25), ServerKind.BaselineEndpoint, ServerKind.Sqlite),
        new AlertLatency(),
        new PollRate(),
        new PollMemory(),
        new InboxGrowth(),
        new BacklogMemory(),
        new GrainRate(),
    ];

    /// <exception cref="ArgumentException">A name is unknown.</exception>
    public static IReadOnlyList<Measurement> Select(IReadOnlyList<string> names) => names.Count == 0
        ? All
        : [.. names.Select(name => All.FirstOrDefault(measurement => measurement.Name == name)
            ?? throw new ArgumentException($"There is no measurement {name}. There are: {string.Join(", ", All.Select(measurement => measurement.Name))}.", nameof(names)))];
}
