using System.Globalization;
using IncomingCalls.Testing;

namespace IncomingCalls.LoadTests;

/// <summary>Memory per idle polled instance by that of a long poll on a bare client.</summary>
internal sealed class PollMemory : Measurement
{
    private const int Instances = 2_000;
    private const int QuickInstances = 500;
    private const int Pairs = 5;
    private const int QuickPairs = 3;

    public override string Name => "poll.idle";

    public override Goal Goal => Goal.AtMost(1.25);

    public override async Task<Figure> RunAsync(LoadOptions options)
    {
        var instances = options.IsQuick ? QuickInstances : Instances;
        List<(double Baseline, double Subject)> pairs = [];
        for (var i = 0; i < (options.IsQuick ? QuickPairs : Pairs); i++)
        {
            pairs.Add((await MeasurePerInstanceAsync(ServerKind.BaselinePoller, instances), await MeasurePerInstanceAsync(ServerKind.Poller, instances)));
        }

        return Figure.FromRatio(Name, Goal, Ratio.FromPairs(pairs.Select(pair => pair.Subject / pair.Baseline)), string.Create(
            CultureInfo.InvariantCulture,
            $"{instances} instances, {Ratio.FromPairs(pairs.Select(pair => pair.Subject)).Median / 1024:0.0} KiB each against {Ratio.FromPairs(pairs.Select(pair => pair.Baseline)).Median / 1024:0.0} KiB"));
    }

    /// <summary>What one more instance costs: the runtime and the host, which cost many times that, cancel out.</summary>
    private static async Task<double> MeasurePerInstanceAsync(ServerKind kind, int instances) =>
        (await MeasureMemoryAsync(kind, instances + 1) - await MeasureMemoryAsync(kind, 1)) / (double)instances;

    private static async Task<long> MeasureMemoryAsync(ServerKind kind, int instances)
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        await using var server = await PolledServer.StartAsync(kind, simulator, instances);
        return await server.MeasureIdleMemoryAsync();
    }
}
