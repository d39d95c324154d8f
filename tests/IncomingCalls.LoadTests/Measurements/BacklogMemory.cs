using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>Resident memory of a host with a million waiting notifications, by that of one with a thousand.</summary>
internal sealed class BacklogMemory : Measurement
{
    private const int Few = 1_000;
    private const int Many = 1_000_000;
    private const int QuickMany = 100_000;
    private const int Pairs = 5;
    private const int QuickPairs = 3;

    /// <summary>As many as the inbox lets one instance have at work, so that it has begun to take from the file what it can.</summary>
    private const int AtWork = 16;

    public override string Name => "backlog.memory";

    public override Goal Goal => Goal.AtMost(1.5);

    public override async Task<Figure> RunAsync(LoadOptions options)
    {
        var many = options.IsQuick ? QuickMany : Many;
        using var folder = new ScratchFolder();
        await SeededInbox.WaitingAsync(folder.File("few.db"), Few);
        await SeededInbox.WaitingAsync(folder.File("many.db"), many);
        List<(double Few, double Many)> pairs = [];
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < (options.IsQuick ? QuickPairs : Pairs); i++)
        {
            var (ofFew, _) = await StartAsync(folder.File("few.db"));
            var (ofMany, readyAfter) = await StartAsync(folder.File("many.db"));
            pairs.Add((ofFew, ofMany));
            slowest = readyAfter > slowest ? readyAfter : slowest;
        }

        return Figure.Of(Name, Goal, Ratio.Of(pairs.Select(pair => pair.Many / pair.Few)), string.Create(
            CultureInfo.InvariantCulture,
            $"{Ratio.Of(pairs.Select(pair => pair.Many)).Median / 1048576:0} MiB with {many} against {Ratio.Of(pairs.Select(pair => pair.Few)).Median / 1048576:0} MiB with {Few}; ready within {slowest.TotalSeconds:0.0} s of its start"));
    }

    /// <summary>The memory of a host on a file, and how long the process took until it listened with the file open.</summary>
    private static async Task<(double Memory, TimeSpan ReadyAfter)> StartAsync(string path)
    {
        var started = Stopwatch.GetTimestamp();
        await using var server = await ServerProcess.StartAsync(nameof(ServerKind.SqliteStuck), path);
        var readyAfter = Stopwatch.GetElapsedTime(started);
        await server.WhenHandledAsync(AtWork);
        return (await server.MemoryAsync(), readyAfter);
    }
}
