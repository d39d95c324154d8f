using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>
/// The rate of a plain handler with the SQLite inbox, beside a handler that hangs until its timeout for the same instance, divided by the rate
/// beside the same handler when it completes at once.
/// </summary>
internal sealed class SlowHandlerBurst : Measurement
{
    private const int Offers = 4_000;
    private const int Connections = 32;
    private const int Pairs = 15;
    private const long WarmUpInstance = 1101000001;
    private const long MeasuredInstance = 1101000002;

    /// <summary>Ends a burst that the hanging handler delays; a burst takes about a second without.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly Budget Budget = Budget.AtLeast(0.90);

    public override string Name => "burst.slow_handler";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var baseline = await ConnectAsync(folder.PathOf("baseline.db"), hangingInstance: 0);
        await using var subject = await ConnectAsync(folder.PathOf("subject.db"), MeasuredInstance);
        var warmUp = await WarmUp.RunAsync(
            options.MaxWarmUpWindows,
            async () => (await RunAsync(baseline, WarmUpInstance)).ComputeRate(HandlerRole.Plain),
            async () => (await RunAsync(subject, WarmUpInstance)).ComputeRate(HandlerRole.Plain));
        List<(OfferTimes Baseline, OfferTimes Subject)> pairs = [];
        for (var i = 0; i < Pairs; i++)
        {
            pairs.Add((await RunAsync(baseline, MeasuredInstance), await RunAsync(subject, MeasuredInstance)));
        }

        return [Figure.FromSample(Name, Budget, pairs.Select(pair => pair.Subject.ComputeRate(HandlerRole.Plain) / pair.Baseline.ComputeRate(HandlerRole.Plain)), string.Create(
            CultureInfo.InvariantCulture,
            $"{MedianRate(pairs.Select(pair => pair.Subject)):0}/s against {MedianRate(pairs.Select(pair => pair.Baseline)):0}/s; at least {pairs.Min(pair => pair.Subject.CountHandled(HandlerRole.Plain))} of {Offers} offers of a burst handled within {Limit.TotalSeconds:0} s; {warmUp}"))];
    }

    private static async Task<OfferLoad> ConnectAsync(string path, long hangingInstance) => await OfferLoad.ConnectAsync(
        await ServerProcess.StartAsync(nameof(ServerKind.SqliteHanging), path, hangingInstance.ToString(CultureInfo.InvariantCulture)), Connections);

    private static Task<OfferTimes> RunAsync(OfferLoad load, long idInstance) =>
        load.RunAsync(new() { Count = Offers, IdInstance = _ => idInstance }, Limit, HandlerRole.Plain);

    private static double MedianRate(IEnumerable<OfferTimes> bursts) => SampledMedian.From(bursts.Select(burst => burst.ComputeRate(HandlerRole.Plain))).Median;
}
