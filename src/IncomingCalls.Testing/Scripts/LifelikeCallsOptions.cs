namespace IncomingCalls.Testing;

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
