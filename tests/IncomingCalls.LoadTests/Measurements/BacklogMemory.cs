using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>The resident memory of a host with a million pending notifications, divided by that of a host with a thousand.</summary>
internal sealed class BacklogMemory : Measurement
{
    private const int SmallBacklog = 1_000;
    private const int LargeBacklog = 1_000_000;
    private const int QuickLargeBacklog = 100_000;
    private const int Pairs = 5;
    private const int QuickPairs = 3;

    /// <summary>The maximum of concurrent attempts of one instance: when so many have started, the inbox has loaded as much of the backlog as it can.</summary>
    private const int MaxActive = 16;

    private static readonly Budget Budget = Budget.AtMost(1.5);

    public override string Name => "backlog.memory";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        var many = options.IsQuick ? QuickLargeBacklog : LargeBacklog;
        using var folder = new TemporaryFolder();
        await SeededInbox.CreateWithPendingCallsAsync(folder.PathOf("few.db"), SmallBacklog);
        await SeededInbox.CreateWithPendingCallsAsync(folder.PathOf("many.db"), many);
        List<(double Few, double Many)> pairs = [];
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < (options.IsQuick ? QuickPairs : Pairs); i++)
        {
            var (ofFew, _) = await StartAsync(folder.PathOf("few.db"));
            var (ofMany, readyAfter) = await StartAsync(folder.PathOf("many.db"));
            pairs.Add((ofFew, ofMany));
            slowest = readyAfter > slowest ? readyAfter : slowest;
        }

        return [Figure.FromSample(Name, Budget, pairs.Select(pair => pair.Many / pair.Few), string.Create(
            CultureInfo.InvariantCulture,
            $"{SampledMedian.From(pairs.Select(pair => pair.Many)).Median / 1048576:0} MiB with {many} against {SampledMedian.From(pairs.Select(pair => pair.Few)).Median / 1048576:0} MiB with {SmallBacklog}; ready within {slowest.TotalSeconds:0.0} s of its start"))];
    }

    /// <summary>Measures the memory of a host on a file, and the time from the start of the process until it listens with the file open.</summary>
    private static async Task<(double Memory, TimeSpan ReadyAfter)> StartAsync(string path)
    {
        var started = Stopwatch.GetTimestamp();
        await using var server = await ServerProcess.StartAsync(nameof(ServerKind.SqliteBlocked), path);
        var readyAfter = Stopwatch.GetElapsedTime(started);
        await server.WaitUntilAcknowledgedAsync(MaxActive);
        return (await server.MeasureMemoryAsync(), readyAfter);
    }
}
