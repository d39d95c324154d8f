using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>Requests per second of one server by those of another. Both run all the time, and are driven in turn.</summary>
internal sealed class WebhookRate(string name, Goal goal, ServerKind baseline, ServerKind subject, bool isForeign = false) : Measurement
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// Each server rests while the other is driven: the compiler's thread gets little of a core that is taken, and without rests
    /// a server was seen to run on code of the first tier for half a minute.
    /// </summary>
    private const int WarmUps = 4;

    public override string Name => name;

    public override Goal Goal => goal;

    public override async Task<Figure> RunAsync(LoadOptions options)
    {
        using var folder = new ScratchFolder();
        await using var first = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(baseline.ToString(), folder.File("baseline.db")), isForeign);
        await using var second = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(subject.ToString(), folder.File("subject.db")), isForeign);
        return await CompareAsync(Name, Goal, first, second, options.Time);
    }

    /// <summary>Drives two loads in turn.</summary>
    public static async Task<Figure> CompareAsync(string name, Goal goal, WebhookLoad baseline, WebhookLoad subject, TimeSpan time)
    {
        for (var i = 0; i < WarmUps; i++)
        {
            await baseline.RunAsync(WarmUp);
            await subject.RunAsync(WarmUp);
        }

        List<(LoadSlice Baseline, LoadSlice Subject)> pairs = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < time;)
        {
            pairs.Add((await baseline.RunAsync(Slice), await subject.RunAsync(Slice)));
        }

        return Figure.Of(name, goal, Ratio.Of(pairs.Select(pair => pair.Subject.PerSecond / pair.Baseline.PerSecond)), string.Create(
            CultureInfo.InvariantCulture,
            $"{Middle(pairs, pair => pair.Subject.PerSecond):0}/s against {Middle(pairs, pair => pair.Baseline.PerSecond):0}/s, {Middle(pairs, pair => pair.Subject.MicrosecondsEach):0} µs of CPU each against {Middle(pairs, pair => pair.Baseline.MicrosecondsEach):0}"));
    }

    private static double Middle(List<(LoadSlice Baseline, LoadSlice Subject)> pairs, Func<(LoadSlice Baseline, LoadSlice Subject), double> number) =>
        Ratio.Of(pairs.Select(number)).Median;
}
