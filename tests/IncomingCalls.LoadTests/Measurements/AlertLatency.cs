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

    /// <summary>Six bursts: 300 offers, so that three are beyond the percentile.</summary>
    private const int BurstsPerSlice = 6;

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
            await RunAsync(baseline, subject);
        }

        List<(TimeSpan Baseline, TimeSpan Subject)> pairs = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < options.Time;)
        {
            pairs.Add(await RunAsync(baseline, subject));
        }

        return Figure.Of(Name, Goal, Ratio.Of(pairs.Select(pair => pair.Subject / pair.Baseline)), string.Create(
            CultureInfo.InvariantCulture,
            $"{Milliseconds(pairs.Select(pair => pair.Subject)):0.0} ms against {Milliseconds(pairs.Select(pair => pair.Baseline)):0.0} ms"));
    }

    /// <summary>The bursts of one fall between those of the other, so that what disturbs a whole slice disturbs both.</summary>
    private static async Task<(TimeSpan Baseline, TimeSpan Subject)> RunAsync(BurstLoad baseline, BurstLoad subject)
    {
        var first = baseline.RunAsync(BurstsPerSlice, BurstInterval);
        await Task.Delay(BurstInterval / 2);
        var second = subject.RunAsync(BurstsPerSlice, BurstInterval);
        return (Percentile99(await first), Percentile99(await second));
    }

    private static TimeSpan Percentile99(IReadOnlyList<TimeSpan> times) => times.Order().ElementAt(times.Count * 99 / 100);

    private static double Milliseconds(IEnumerable<TimeSpan> times) => Ratio.Of(times.Select(time => time.TotalMilliseconds)).Median;
}
