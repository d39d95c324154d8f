using System.Diagnostics;
using System.Globalization;
using IncomingCalls.Processes;

namespace IncomingCalls.LoadTests;

/// <summary>Requests per second of one server, divided by those of another. Both run all the time and receive load alternately.</summary>
internal sealed class WebhookRate(string name, Goal goal, ServerKind baseline, ServerKind subject) : Measurement
{
    private static readonly TimeSpan SliceDuration = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan WarmUpDuration = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Each server is idle while the other receives load: on a busy core the thread of the JIT compiler gets little time, and without these pauses a
    /// server ran on code of the first tier for half a minute.
    /// </summary>
    private const int WarmUpRounds = 4;

    public override string Name => name;

    public override Goal Goal => goal;

    public override async Task<Figure> RunAsync(LoadOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var first = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(baseline.ToString(), folder.PathOf("baseline.db")));
        await using var second = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(subject.ToString(), folder.PathOf("subject.db")));
        return await CompareAsync(Name, Goal, first, second, options.Time);
    }

    /// <summary>Runs two loads alternately.</summary>
    public static async Task<Figure> CompareAsync(string name, Goal goal, WebhookLoad baseline, WebhookLoad subject, TimeSpan time)
    {
        for (var i = 0; i < WarmUpRounds; i++)
        {
            await baseline.RunAsync(WarmUpDuration);
            await subject.RunAsync(WarmUpDuration);
        }

        List<(LoadSlice Baseline, LoadSlice Subject)> pairs = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < time;)
        {
            pairs.Add((await baseline.RunAsync(SliceDuration), await subject.RunAsync(SliceDuration)));
        }

        return Figure.FromRatio(name, goal, Ratio.FromPairs(pairs.Select(pair => pair.Subject.PerSecond / pair.Baseline.PerSecond)), string.Create(
            CultureInfo.InvariantCulture,
            $"{MedianOf(pairs, pair => pair.Subject.PerSecond):0}/s against {MedianOf(pairs, pair => pair.Baseline.PerSecond):0}/s, {MedianOf(pairs, pair => pair.Subject.MicrosecondsPerItem):0} µs of CPU each against {MedianOf(pairs, pair => pair.Baseline.MicrosecondsPerItem):0}"));
    }

    private static double MedianOf(List<(LoadSlice Baseline, LoadSlice Subject)> pairs, Func<(LoadSlice Baseline, LoadSlice Subject), double> number) =>
        Ratio.FromPairs(pairs.Select(number)).Median;
}

/// <summary>Notifications handled per second by the Orleans inbox on one silo, divided by those of the baseline grain with the same Redis.</summary>
internal sealed class GrainRate : Measurement
{
    public override string Name => "orleans.vs_grain";

    public override Goal Goal => Goal.AtLeast(0.80);

    public override async Task<Figure> RunAsync(LoadOptions options)
    {
        await using var redis = new RedisProcess();
        await redis.StartAsync();
        var port = redis.Port.ToString(CultureInfo.InvariantCulture);
        await using var grain = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.BaselineGrain), port));
        await using var inbox = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Orleans), port));
        return await WebhookRate.CompareAsync(Name, Goal, grain, inbox, options.Time);
    }
}
