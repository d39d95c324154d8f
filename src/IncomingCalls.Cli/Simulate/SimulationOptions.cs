using IncomingCalls.Testing;

namespace IncomingCalls.Cli;

/// <summary>What is to be simulated.</summary>
internal sealed class SimulationOptions
{
    public required int Port { get; init; }

    public required int InstanceCount { get; init; }

    public required long? FirstIdInstance { get; init; }

    public required string? Token { get; init; }

    /// <summary>Where to post; null to be polled.</summary>
    public required Uri? Webhook { get; init; }

    public required string? Authorization { get; init; }

    /// <summary>The calls; null for random ones.</summary>
    public required IReadOnlyList<ScriptedCall>? Script { get; init; }

    public required TimeSpan MeanPause { get; init; }

    public required TimeSpan? MaxRingTime { get; init; }

    public required int Seed { get; init; }

    public required CallQuirks CallQuirks { get; init; }

    public required GatewayQuirks GatewayQuirks { get; init; }

    public required TimeSpan? Duration { get; init; }

    public required TimeSpan? ResendDelay { get; init; }

    public required TimeSpan? RestartAfterSettings { get; init; }
}
