using System.Globalization;
using IncomingCalls.Processes;

namespace IncomingCalls.LoadTests;

/// <summary>Notifications handled per second by the Orleans inbox on one silo, by those of a bare grain over the same Redis.</summary>
internal sealed class GrainRate : Measurement
{
    public override string Name => "orleans.vs_grain";

    public override Goal Goal => Goal.AtLeast(0.80);

    public override async Task<Figure> RunAsync(LoadOptions options)
    {
        await using var redis = new RedisProcess();
        await redis.StartAsync();
        var port = redis.Port.ToString(CultureInfo.InvariantCulture);
        await using var grain = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.BaselineGrain), port), isForeign: false);
        await using var inbox = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Orleans), port), isForeign: false);
        return await WebhookRate.CompareAsync(Name, Goal, grain, inbox, options.Time);
    }
}
