using System.Diagnostics;
using System.Globalization;
using IncomingCalls.Testing;

namespace IncomingCalls.LoadTests;

/// <summary>Notifications per second of one polled instance by those of a bare loop against the same simulator.</summary>
internal sealed class PollRate : Measurement
{
    private const int CallsPerSlice = 250;
    private const int WarmUpRounds = 8;

    public override string Name => "poll.vs_limit";

    public override Goal Goal => Goal.AtLeast(0.90);

    public override async Task<Figure> RunAsync(LoadOptions options)
    {
        // Without the vendor's limit of a hundred a second, which both would keep to.
        await using var simulator = await GreenApiSimulator.StartAsync(simulator => simulator.EnforceRateLimits = false);
        await using var baseline = await PolledServer.StartAsync(ServerKind.BaselinePoller, simulator, count: 1);
        await using var subject = await PolledServer.StartAsync(ServerKind.Poller, simulator, count: 1);
        for (var i = 0; i < WarmUpRounds; i++)
        {
            await baseline.HandleAsync(CallsPerSlice);
            await subject.HandleAsync(CallsPerSlice);
        }

        List<(TimeSpan Baseline, TimeSpan Subject)> pairs = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < options.Time;)
        {
            pairs.Add((await baseline.HandleAsync(CallsPerSlice), await subject.HandleAsync(CallsPerSlice)));
        }

        return Figure.FromRatio(Name, Goal, Ratio.FromPairs(pairs.Select(pair => pair.Baseline / pair.Subject)), string.Create(
            CultureInfo.InvariantCulture,
            $"{MedianPerSecond(pairs.Select(pair => pair.Subject)):0}/s against {MedianPerSecond(pairs.Select(pair => pair.Baseline)):0}/s"));
    }

    private static double MedianPerSecond(IEnumerable<TimeSpan> slices) => 2 * CallsPerSlice / Ratio.FromPairs(slices.Select(slice => slice.TotalSeconds)).Median;
}
