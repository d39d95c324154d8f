using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>
/// The 99th percentile from the sending of an offer to the operator notifier, by that of a bare endpoint's answer, in bursts.
/// </summary>
internal sealed class AlertLatency : Measurement
{
    private const int Burst = 50;
    private static readonly TimeSpan BurstInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Ten bursts: 500 offers, so that five are beyond the percentile.</summary>
    private const int BurstsPerSlice = 10;

    private const int WarmUps = 3;

    public override string Name => "alert.latency";

    public override Goal Goal => Goal.AtMost(5);

    public override async Task<Figure> RunAsync(LoadOptions options)
    {
        using var folder = new ScratchFolder();
        await using var baseline = await BurstLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Bare)), Burst, isAlerted: false);
        await using var subject = await BurstLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.SqliteAlerts), folder.File("inbox.db")), Burst, isAlerted: true);
        for (var i = 0; i < WarmUps; i++)
        {
            await baseline.RunAsync(BurstsPerSlice, BurstInterval);
            await subject.RunAsync(BurstsPerSlice, BurstInterval);
        }

        List<(TimeSpan Baseline, TimeSpan Subject)> pairs = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < options.Time;)
        {
            pairs.Add((
                Percentile99(await baseline.RunAsync(BurstsPerSlice, BurstInterval)),
                Percentile99(await subject.RunAsync(BurstsPerSlice, BurstInterval))));
        }

        return Figure.Of(Name, Goal, Ratio.Of(pairs.Select(pair => pair.Subject / pair.Baseline)), string.Create(
            CultureInfo.InvariantCulture,
            $"{Milliseconds(pairs.Select(pair => pair.Subject)):0.0} ms against {Milliseconds(pairs.Select(pair => pair.Baseline)):0.0} ms"));
    }

    private static TimeSpan Percentile99(IReadOnlyList<TimeSpan> times) => times.Order().ElementAt(times.Count * 99 / 100);

    private static double Milliseconds(IEnumerable<TimeSpan> times) => Ratio.Of(times.Select(time => time.TotalMilliseconds)).Median;
}
