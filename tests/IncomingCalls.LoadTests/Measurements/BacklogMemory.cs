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
        for (var i = 0; i < (options.IsQuick ? QuickPairs : Pairs); i++)
        {
            pairs.Add((await MemoryAsync(folder.File("few.db")), await MemoryAsync(folder.File("many.db"))));
        }

        return Figure.Of(Name, Goal, Ratio.Of(pairs.Select(pair => pair.Many / pair.Few)), string.Create(
            CultureInfo.InvariantCulture,
            $"{Ratio.Of(pairs.Select(pair => pair.Many)).Median / 1048576:0} MiB with {many} against {Ratio.Of(pairs.Select(pair => pair.Few)).Median / 1048576:0} MiB with {Few}"));
    }

    private static async Task<double> MemoryAsync(string path)
    {
        await using var server = await ServerProcess.StartAsync(nameof(ServerKind.SqliteStuck), path);
        await server.WhenHandledAsync(AtWork);
        return await server.MemoryAsync();
    }
}
