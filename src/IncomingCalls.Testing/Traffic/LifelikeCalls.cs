namespace IncomingCalls.Testing;

/// <summary>Lets a lifelike mix of people ring: answered, refused, given up, one of them twice.</summary>
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

    /// <summary>Rings the instances in turn until the token is signalled.</summary>
    /// <param name="instances">Whom to ring; each gets to know the callers as contacts.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="configure">Sets the pace.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>When it has ended; cancellation is no failure.</returns>
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

        // Reproducible on purpose; nothing here is secret.
        var chance = new Random(options.Seed);
        List<Task> calls = [];
        try
        {
            for (var i = 0; ; i++)
            {
                calls.RemoveAll(call => call.IsCompleted);
                var call = instances[i % instances.Count].PlaceCall(Callers[chance.Next(Callers.Length)].ChatId, call => call.Quirks = options.Quirks);
                calls.Add(RunCallAsync(call, chance.Next(100), RandomRingTime(options, chance), time, cancellationToken));
                await Task.Delay(options.Pause * (0.5 + chance.NextDouble()), time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The calls that still ring end with the same token.
            await Task.WhenAll(calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TimeSpan RandomRingTime(LifelikeCallsOptions options, Random chance) => options.LongestRing * (0.2 + (0.8 * chance.NextDouble()));

    private static async Task RunCallAsync(SimulatedCall call, int fate, TimeSpan ring, TimeProvider time, CancellationToken cancellationToken)
    {
        call.Ring();
        await Task.Delay(ring, time, cancellationToken);
        _ = fate switch
        {
            < 45 => call.Answer(),
            < 60 => call.Drop(olderSpelling: fate < 50),
            < 90 => call.Decline(),
            < 95 => call.Miss(),
            // The gateway repeats itself now and then.
            _ => call.Decline().Repeat(),
        };
    }
}

/// <summary>How calls are made up for a demonstration.</summary>
public sealed class LifelikeCallsOptions
{
    /// <summary>The mean pause between two calls.</summary>
    /// <value>Default: 4 seconds.</value>
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>How long it rings at the most.</summary>
    /// <value>Default: 12 seconds.</value>
    public TimeSpan LongestRing { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>The seed of chance: the same seed, the same calls.</summary>
    /// <value>Default: 2026.</value>
    public int Seed { get; set; } = 2026;

    /// <summary>What is odd about the notifications, besides the <see cref="SimulatedInstance.CallQuirks"/> of the instances.</summary>
    /// <value>Default: <see cref="CallQuirks.None"/>.</value>
    public CallQuirks Quirks { get; set; }
}
