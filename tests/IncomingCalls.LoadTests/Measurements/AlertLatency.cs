using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>
/// The 99th percentile of the time from sending an offer to the call of the operator notifier, divided by that of the answer of the baseline
/// endpoint, under bursts.
/// </summary>
internal sealed class AlertLatency : Measurement
{
    private const int BurstSize = 50;
    private static readonly TimeSpan BurstInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Six bursts are 300 offers, so that three are beyond the percentile.</summary>
    private const int BurstsPerSlice = 6;

    private const int WarmUpRounds = 3;

    public override string Name => "alert.latency";

    public override Goal Goal => Goal.AtMost(5);

    public override async Task<Figure> RunAsync(LoadOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var baseline = await BurstLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.BaselineEndpoint)), BurstSize, isAlerted: false);
        await using var subject = await BurstLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.SqliteAlerts), folder.PathOf("inbox.db")), BurstSize, isAlerted: true);
        for (var i = 0; i < WarmUpRounds; i++)
        {
            await RunAsync(baseline, subject);
        }

        List<(TimeSpan Baseline, TimeSpan Subject)> pairs = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < options.Time;)
        {
            pairs.Add(await RunAsync(baseline, subject));
        }

        return Figure.FromRatio(Name, Goal, Ratio.FromPairs(pairs.Select(pair => pair.Subject / pair.Baseline)), string.Create(
            CultureInfo.InvariantCulture,
            $"{MedianMilliseconds(pairs.Select(pair => pair.Subject)):0.0} ms against {MedianMilliseconds(pairs.Select(pair => pair.Baseline)):0.0} ms"));
    }

    /// <summary>Interleaves the bursts of baseline and subject, so that a disturbance of a whole slice affects both.</summary>
    private static async Task<(TimeSpan Baseline, TimeSpan Subject)> RunAsync(BurstLoad baseline, BurstLoad subject)
    {
        var first = baseline.RunAsync(BurstsPerSlice, BurstInterval);
        await Task.Delay(BurstInterval / 2);
        var second = subject.RunAsync(BurstsPerSlice, BurstInterval);
        return (GetPercentile99(await first), GetPercentile99(await second));
    }

    private static TimeSpan GetPercentile99(IReadOnlyList<TimeSpan> times) => times.Order().ElementAt(times.Count * 99 / 100);

    private static double MedianMilliseconds(IEnumerable<TimeSpan> times) => Ratio.FromPairs(times.Select(time => time.TotalMilliseconds)).Median;
}
