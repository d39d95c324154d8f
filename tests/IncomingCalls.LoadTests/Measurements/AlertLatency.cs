using System.Diagnostics;
using System.Globalization;
using IncomingCalls.Processes;

namespace IncomingCalls.LoadTests;

/// <summary>The 99th percentile of the time from sending an offer to the call of the operator notifier, under bursts.</summary>
internal abstract class AlertLatency(string name, Budget budget) : Measurement
{
    private const int BurstSize = 50;
    private static readonly TimeSpan BurstInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Six bursts are 300 offers, so that three are beyond the percentile.</summary>
    private const int OffersPerSlice = 6 * BurstSize;

    private const int Instances = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static readonly OfferPlan Slice = new()
    {
        Count = OffersPerSlice,
        IdInstance = static i => 1101000001 + (i % Instances),
        SendAfter = static i => i / BurstSize * BurstInterval,
    };

    public override string Name => name;

    /// <summary>Measures one server.</summary>
    protected async Task<IReadOnlyList<Figure>> RunAsync(ServerProcess server, LoadOptions options)
    {
        await using var load = await OfferLoad.ConnectAsync(server, BurstSize);
        // The bursts have a fixed rate, so the warm-up watches how many alerts of the mean latency fit into a second.
        var warmUp = await WarmUp.RunAsync(options.MaxWarmUpWindows, async () => 1000 / (await RunSliceAsync(load)).Average());
        List<double> percentiles = [];
        List<double> medians = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < options.Time;)
        {
            var latencies = await RunSliceAsync(load);
            percentiles.Add(latencies[OffersPerSlice * 99 / 100]);
            medians.Add(latencies[OffersPerSlice / 2]);
        }

        return [Figure.FromSample(Name, budget, percentiles, string.Create(
            CultureInfo.InvariantCulture, $"p99 of {OffersPerSlice} offers, whose median is {SampledMedian.From(medians).Median:0.0} ms; {warmUp}"))];
    }

    /// <summary>Runs one slice.</summary>
    /// <returns>A task whose result is the latencies in milliseconds, in ascending order.</returns>
    private static async Task<double[]> RunSliceAsync(OfferLoad load) =>
        [.. (await load.RunAsync(Slice, Limit, HandlerRole.Notifier)).FindDelays(HandlerRole.Notifier).Select(delay => delay.TotalMilliseconds).Order()];
}

/// <summary>The latency with the SQLite inbox.</summary>
internal sealed class SqliteAlertLatency() : AlertLatency("alert.latency", Budget.AtMost(50, unit: "ms"))
{
    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        using var folder = new TemporaryFolder();
        return await RunAsync(await ServerProcess.StartAsync(nameof(ServerKind.SqliteAlerts), folder.PathOf("inbox.db")), options);
    }
}

/// <summary>The latency with the PostgreSQL inbox.</summary>
internal sealed class PostgresAlertLatency() : AlertLatency("alert.latency.postgres", Budget.AtMost(150, unit: "ms"))
{
    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync();
        return await RunAsync(await ServerProcess.StartAsync(nameof(ServerKind.PostgresAlerts), postgres.ConnectionString("postgres")), options);
    }
}
