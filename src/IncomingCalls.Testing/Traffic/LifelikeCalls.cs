namespace IncomingCalls.Testing;

/// <summary>Places a realistic mix of simulated calls: answered, rejected, missed, and some with a duplicate notification.</summary>
public static class LifelikeCalls
{
    private static readonly (string ChatId, SimulatedContact Contact)[] Callers =
    [
        ("70000000101@c.us", new() { Name = "vanya", ContactName = "Иван Петров" }),
        ("70000000102@c.us", new() { Name = "Maria Kowalska" }),
        ("70000000103@c.us", new()),
        ("70000000104@c.us", new() { ContactName = "Ольга, доставка" }),
        ("70000000105@c.us", new() { Name = "James" }),
        ("70000000106@c.us", new() { ContactName = "ООО «Ромашка»" }),
        ("70000000107@c.us", new()),
    ];

    /// <summary>Places calls to the instances in turn until the token is signalled.</summary>
    /// <param name="instances">The instances to call. The callers are added to the contacts of each.</param>
    /// <param name="time">The clock of the pauses between calls and of the ring times.</param>
    /// <param name="configure">Configures the options.</param>
    /// <param name="cancellationToken">The token that ends the calls.</param>
    /// <returns>A task that completes successfully when the token is signalled and the ringing calls have ended.</returns>
    public static async Task RunAsync(
        IReadOnlyList<SimulatedInstance> instances,
        TimeProvider time,
        Action<LifelikeCallsOptions>? configure = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(instances);
        ArgumentOutOfRangeException.ThrowIfZero(instances.Count, nameof(instances));
        var options = new LifelikeCallsOptions();
        configure?.Invoke(options);
        foreach (var instance in instances)
        {
            foreach (var (chatId, contact) in Callers)
            {
                instance.Contacts[chatId] = contact;
            }
        }

        // Seeded on purpose, for reproducible runs; no security depends on it.
        var random = new Random(options.Seed);
        List<Task> calls = [];
        try
        {
            for (var i = 0; ; i++)
            {
                calls.RemoveAll(call => call.IsCompleted);
                var call = instances[i % instances.Count].PlaceCall(Callers[random.Next(Callers.Length)].ChatId, call => call.Quirks = options.Quirks);
                calls.Add(RunCallAsync(call, random.Next(100), RandomRingTime(options, random), time, cancellationToken));
                await Task.Delay(options.Pause * (0.5 + random.NextDouble()), time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The calls that still ring end with the same token.
            await Task.WhenAll(calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TimeSpan RandomRingTime(LifelikeCallsOptions options, Random random) => options.LongestRing * (0.2 + (0.8 * random.NextDouble()));

    private static async Task RunCallAsync(SimulatedCall call, int percentile, TimeSpan ringTime, TimeProvider time, CancellationToken cancellationToken)
    {
        call.Ring();
        await Task.Delay(ringTime, time, cancellationToken);
        _ = percentile switch
        {
            < 45 => call.Answer(),
            < 60 => call.Drop(olderSpelling: percentile < 50),
            < 90 => call.Decline(),
            < 95 => call.Miss(),
            // The gateway sends a duplicate occasionally.
            _ => call.Decline().Repeat(),
        };
    }
}

/// <summary>Options of <see cref="LifelikeCalls"/>.</summary>
public sealed class LifelikeCallsOptions
{
    /// <summary>The mean pause between two calls.</summary>
    /// <value>Default: 4 seconds.</value>
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>The maximum ring time of a call; the minimum is a fifth of it.</summary>
    /// <value>Default: 12 seconds.</value>
    public TimeSpan LongestRing { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>The seed of the random numbers: the same seed produces the same sequence of calls.</summary>
    /// <value>Default: 2026.</value>
    public int Seed { get; set; } = 2026;

    /// <summary>Deviations of the notifications of all these calls, in addition to the <see cref="SimulatedInstance.CallQuirks"/> of the instances.</summary>
    /// <value>Default: <see cref="CallQuirks.None"/>.</value>
    public CallQuirks Quirks { get; set; }
}
