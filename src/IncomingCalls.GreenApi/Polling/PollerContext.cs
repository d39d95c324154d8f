using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>What all pollers share; thousands of them keep one reference each.</summary>
internal sealed class PollerContext(
    GreenApiClient client, ICallIntake intake, LastKnownGoodOptions<GreenApiOptions> options, TimeProvider time, ILogger<InstancePoller> logger)
{
    public GreenApiClient Client { get; } = client;

    public ICallIntake Intake { get; } = intake;

    public LastKnownGoodOptions<GreenApiOptions> Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    /// <summary>Numbers from 0 to 1 for jitter.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}
