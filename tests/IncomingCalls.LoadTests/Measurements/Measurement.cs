namespace IncomingCalls.LoadTests;

/// <summary>Measures one figure, or several that belong together: the lines of the table in docs/performance.md.</summary>
internal abstract class Measurement
{
    /// <summary>The name by which the measurement is selected, and with which the names of its figures begin.</summary>
    public abstract string Name { get; }

    public abstract Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options);
}

/// <summary>Every measurement, in the order in which they run.</summary>
internal static class MeasurementCatalog
{
    public static IReadOnlyList<Measurement> All { get; } =
    [
        new ParseBytes(),
        new WebhookRate("webhook.memory.vs_bare", Budget.AtLeast(0.70), ServerKind.BaselineEndpoint, ServerKind.InMemory),
        new WebhookRate("webhook.sqlite.vs_bare", Budget.AtLeast(0.30, goal: 0.40), ServerKind.BaselineEndpoint, ServerKind.Sqlite),
        new WebhookRate("webhook.sqlite.vs_wolverine", Budget.AtLeast(1.5, goal: 3), ServerKind.Wolverine, ServerKind.Sqlite),
        new PostgresWebhookRate("webhook.postgres.vs_insert", Budget.AtLeast(0.20, goal: 0.35), ServerKind.PostgresInsert, Budget.AtLeast(1_000, unit: "/s")),
        new PostgresWebhookRate("webhook.postgres.vs_wolverine", Budget.AtLeast(0, goal: 1), ServerKind.WolverinePostgres, Budget.AtLeast(1_000, unit: "/s")),
        new UnknownCallerBurst(),
        new SlowHandlerBurst(),
        new RateLimitedBacklog(),
        new SqliteAlertLatency(),
        new PostgresAlertLatency(),
        new PostgresAccept(),
        new PostgresIdle(),
        new PostgresOldTransaction(),
        new PostgresFailover(),
        new PollRate(),
        new PollMemory(),
        new InboxGrowth(),
        new PostgresInboxGrowth(),
        new BacklogMemory(),
        new GrainRate(),
    ];

    /// <exception cref="ArgumentException">A name is unknown.</exception>
    public static IReadOnlyList<Measurement> Select(IReadOnlyList<string> names) => names.Count == 0
        ? All
        : [.. names.Select(name => All.FirstOrDefault(measurement => measurement.Name == name)
            ?? throw new ArgumentException($"There is no measurement {name}. There are: {string.Join(", ", All.Select(measurement => measurement.Name))}.", nameof(names)))];
}
