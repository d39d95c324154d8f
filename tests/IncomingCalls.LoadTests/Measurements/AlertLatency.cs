using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>The 99th percentile of the time from sending an offer to the call of the operator notifier, with the SQLite inbox, under bursts.</summary>
internal sealed class AlertLatency : Measurement
{
    private const int BurstSize = 50;
    private static readonly TimeSpan BurstInterval = TimeSpan.FromMilliseconds(250);
    private static readonly Budget Budget = Budget.AtMost(50, unit: "ms");

    /// <summary>Six bursts are 300 offers, so that three are beyond the percentile.</summary>
    private const int BurstsPerSlice = 6;

    public override string Name => "alert.latency";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var load = await BurstLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.SqliteAlerts), folder.PathOf("inbox.db")), BurstSize);
        // The bursts have a fixed rate, so the warm-up watches how many alerts of the mean latency fit into a second.
        var warmUp = await WarmUp.RunAsync(options.MaxWarmUpWindows, async () => 1 / (await load.RunAsync(BurstsPerSlice, BurstInterval)).Average(time => time.TotalSeconds));
        List<double> percentiles = [];
        List<double> medians = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < options.Time;)
        {
            var times = await load.RunAsync(BurstsPerSlice, BurstInterval);
            percentiles.Add(FindQuantile(times, 0.99));
            medians.Add(FindQuantile(times, 0.5));
        }

        return [Figure.FromSample(Name, Budget, percentiles, string.Create(
            CultureInfo.InvariantCulture, $"p99 of {BurstSize * BurstsPerSlice} offers; their median is {SampledMedian.From(medians).Median:0.0} ms; {warmUp}"))];
    }

    private static double FindQuantile(IReadOnlyList<TimeSpan> times, double quantile) => times.Order().ElementAt((int)(times.Count * quantile)).TotalMilliseconds;
}
