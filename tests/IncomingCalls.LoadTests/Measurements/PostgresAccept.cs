using System.Diagnostics;
using System.Globalization;
using IncomingCalls.Processes;

namespace IncomingCalls.LoadTests;

/// <summary>The 99th percentile of the time until a notification is answered with the PostgreSQL inbox, at 50 a second: the peak of 10,000 instances.</summary>
internal sealed class PostgresAccept : Measurement
{
    private const int OffersPerSlice = 300;
    private const int Connections = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly Budget Budget = Budget.AtMost(25, unit: "ms");
    private static long _lastCall = 1L << 48;

    public override string Name => "postgres.accept";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var server = await ServerProcess.StartAsync(nameof(ServerKind.Postgres), postgres.ConnectionString("postgres"));
        LoadConnection[] connections = [.. Enumerable.Range(0, Connections).Select(static _ => new LoadConnection())];
        await Task.WhenAll(connections.Select(connection => connection.ConnectAsync(server.Address)));
        var warmUp = await WarmUp.RunAsync(options.MaxWarmUpWindows, async () => 1000 / (await RunSliceAsync(connections)).Average());
        List<double> percentiles = [];
        List<double> medians = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < options.Time || percentiles.Count < 3;)
        {
            var times = await RunSliceAsync(connections);
            percentiles.Add(times[OffersPerSlice * 99 / 100]);
            medians.Add(times[OffersPerSlice / 2]);
        }

        Array.ForEach(connections, static connection => connection.Dispose());
        return [Figure.FromSample(Name, Budget, percentiles, string.Create(
            CultureInfo.InvariantCulture, $"p99 of {OffersPerSlice} offers, whose median is {SampledMedian.From(medians).Median:0.0} ms; {warmUp}"))];
    }

    /// <returns>A task whose result is the times from sending an offer to its answer in milliseconds, in ascending order.</returns>
    private static async Task<double[]> RunSliceAsync(LoadConnection[] connections)
    {
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(connections.Select(async (connection, first) =>
        {
            List<double> own = [];
            var offer = RequestTemplate.Call(1101000001 + (first % 4), "offer");
            for (var i = first; i < OffersPerSlice; i += Connections)
            {
                await Schedule.WaitUntilAsync(started, i * Interval);
                var sent = Stopwatch.GetTimestamp();
                await connection.PostAsync(offer.Render(Interlocked.Increment(ref _lastCall)));
                own.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }

            return own;
        }));
        return [.. times.SelectMany(static own => own).Order()];
    }
}
