using System.Globalization;
using IncomingCalls.Processes;

namespace IncomingCalls.LoadTests;

/// <summary>
/// Notifications handled per second by the Orleans inbox on one silo: divided by those of the baseline grain with the same Redis, and as an
/// absolute rate.
/// </summary>
internal sealed class GrainRate : Measurement
{
    private static readonly Budget RatioBudget = Budget.AtLeast(0.60);
    private static readonly Budget RateBudget = Budget.AtLeast(500, unit: "per second");

    public override string Name => "orleans.vs_grain";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        await using var redis = new RedisProcess();
        await redis.StartAsync();
        var port = redis.Port.ToString(CultureInfo.InvariantCulture);
        await using var grain = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.BaselineGrain), port));
        await using var inbox = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Orleans), port));
        var comparison = await LoadComparison.RunAsync(grain, inbox, options);
        return
        [
            comparison.ToFigure(Name, RatioBudget),
            Figure.FromSample($"{Name}.rate", RateBudget, comparison.SubjectRates, ""),
        ];
    }
}
