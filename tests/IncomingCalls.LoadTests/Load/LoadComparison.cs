using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>The rates of two servers, measured in neighbouring slices of time.</summary>
internal sealed class LoadComparison
{
    private static readonly TimeSpan SliceDuration = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan WarmUpDuration = TimeSpan.FromSeconds(1.5);

    private readonly List<(LoadSlice Baseline, LoadSlice Subject)> _pairs;
    private readonly WarmUp _warmUp;

    private LoadComparison(List<(LoadSlice Baseline, LoadSlice Subject)> pairs, WarmUp warmUp)
    {
        _pairs = pairs;
        _warmUp = warmUp;
    }

    /// <summary>The rate of the subject in each slice.</summary>
    public IEnumerable<double> SubjectRates => _pairs.Select(pair => pair.Subject.PerSecond);

    /// <summary>Runs two loads alternately.</summary>
    public static async Task<LoadComparison> RunAsync(WebhookLoad baseline, WebhookLoad subject, LoadOptions options)
    {
        var warmUp = await WarmUp.RunAsync(
            options.MaxWarmUpWindows,
            async () => (await baseline.RunAsync(WarmUpDuration)).PerSecond,
            async () => (await subject.RunAsync(WarmUpDuration)).PerSecond);
        List<(LoadSlice Baseline, LoadSlice Subject)> pairs = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < options.Time;)
        {
            pairs.Add((await baseline.RunAsync(SliceDuration), await subject.RunAsync(SliceDuration)));
        }

        return new(pairs, warmUp);
    }

    /// <summary>Creates the figure: the rate of the subject divided by that of the baseline.</summary>
    public Figure ToFigure(string name, Budget budget) =>
        Figure.FromSample(name, budget, _pairs.Select(pair => pair.Subject.PerSecond / pair.Baseline.PerSecond), string.Create(
            CultureInfo.InvariantCulture,
            $"{MedianOf(pair => pair.Subject.PerSecond):0}/s against {MedianOf(pair => pair.Baseline.PerSecond):0}/s, {MedianOf(pair => pair.Subject.MicrosecondsPerItem):0} µs of CPU each against {MedianOf(pair => pair.Baseline.MicrosecondsPerItem):0}; {_warmUp}"));

    private double MedianOf(Func<(LoadSlice Baseline, LoadSlice Subject), double> number) => SampledMedian.From(_pairs.Select(number)).Median;
}
