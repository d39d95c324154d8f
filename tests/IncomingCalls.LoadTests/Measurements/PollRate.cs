using System.Diagnostics;
using System.Globalization;
using IncomingCalls.Testing;

namespace IncomingCalls.LoadTests;

/// <summary>Notifications per second of one polled instance, divided by those of the baseline loop against the same simulator.</summary>
internal sealed class PollRate : Measurement
{
    private const int CallsPerSlice = 250;
    private const int SlicesPerWindow = 4;
    private static readonly Budget Budget = Budget.AtLeast(0.80);

    public override string Name => "poll.vs_limit";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        // Without the rate limit of the vendor, a hundred per second, which would bound both.
        await using var simulator = await GreenApiSimulator.StartAsync(simulator => simulator.EnforceRateLimits = false);
        await using var baseline = await PolledServer.StartAsync(ServerKind.BaselinePoller, simulator, count: 1);
        await using var subject = await PolledServer.StartAsync(ServerKind.Poller, simulator, count: 1);
        var warmUp = await WarmUp.RunAsync(
            options.MaxWarmUpWindows,
            async () => 1 / (await baseline.HandleAsync(CallsPerSlice * SlicesPerWindow)).TotalSeconds,
            async () => 1 / (await subject.HandleAsync(CallsPerSlice * SlicesPerWindow)).TotalSeconds);
        List<(TimeSpan Baseline, TimeSpan Subject)> pairs = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < options.Time;)
        {
            pairs.Add((await baseline.HandleAsync(CallsPerSlice), await subject.HandleAsync(CallsPerSlice)));
        }

        return [Figure.FromSample(Name, Budget, pairs.Select(pair => pair.Baseline / pair.Subject), string.Create(
            CultureInfo.InvariantCulture,
            $"{MedianPerSecond(pairs.Select(pair => pair.Subject)):0}/s against {MedianPerSecond(pairs.Select(pair => pair.Baseline)):0}/s; {warmUp}"))];
    }

    private static double MedianPerSecond(IEnumerable<TimeSpan> slices) => 2 * CallsPerSlice / SampledMedian.From(slices.Select(slice => slice.TotalSeconds)).Median;
}

/// <summary>The memory per idle polled instance, divided by that of a long poll on a plain HTTP client.</summary>
internal sealed class PollMemory : Measurement
{
    private const int Instances = 2_000;
    private const int QuickInstances = 500;
    private const int Pairs = 5;
    private const int QuickPairs = 3;
    private static readonly Budget Budget = Budget.AtMost(1.25);

    public override string Name => "poll.idle";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        var instances = options.IsQuick ? QuickInstances : Instances;
        List<(double Baseline, double Subject)> pairs = [];
        for (var i = 0; i < (options.IsQuick ? QuickPairs : Pairs); i++)
        {
            pairs.Add((await MeasurePerInstanceAsync(ServerKind.BaselinePoller, instances), await MeasurePerInstanceAsync(ServerKind.Poller, instances)));
        }

        return [Figure.FromSample(Name, Budget, pairs.Select(pair => pair.Subject / pair.Baseline), string.Create(
            CultureInfo.InvariantCulture,
            $"{instances} instances, {SampledMedian.From(pairs.Select(pair => pair.Subject)).Median / 1024:0.0} KiB each against {SampledMedian.From(pairs.Select(pair => pair.Baseline)).Median / 1024:0.0} KiB"))];
    }

    /// <summary>Measures the memory per additional instance, so that the much larger share of the runtime and the host cancels out.</summary>
    private static async Task<double> MeasurePerInstanceAsync(ServerKind kind, int instances) =>
        (await MeasureMemoryAsync(kind, instances + 1) - await MeasureMemoryAsync(kind, 1)) / (double)instances;

    private static async Task<long> MeasureMemoryAsync(ServerKind kind, int instances)
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        await using var server = await PolledServer.StartAsync(kind, simulator, instances);
        return await server.MeasureIdleMemoryAsync();
    }
}
