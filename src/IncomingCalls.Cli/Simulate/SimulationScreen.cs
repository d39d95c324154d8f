using Spectre.Console;
using Spectre.Console.Rendering;

namespace IncomingCalls.Cli;

/// <summary>A simulation for somebody who watches: where it is, the last things that happened, and the totals.</summary>
internal sealed class SimulationScreen(Terminal terminal)
{
    private const int ShownInstances = 5;
    private const int ShownNews = 12;

    private readonly Lock _gate = new();
    private readonly List<SimulateLine> _instances = [];
    private readonly Queue<SimulateLine> _news = new();
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>Runs a simulation on the screen; its last picture stays.</summary>
    public Task<ExitCode> RunAsync(Simulation simulation, CancellationToken cancellationToken) =>
        terminal.Screen.Live(Draw()).StartAsync(live => simulation.RunAsync(
            line =>
            {
                Note(line);
                live.UpdateTarget(Draw());
            },
            cancellationToken));

    private void Note(SimulateLine line)
    {
        lock (_gate)
        {
            _counts[line.Type] = Count(line.Type) + 1;
            if (line.Type == SimulateLine.StartedType)
            {
                _instances.Add(line);
                return;
            }

            _news.Enqueue(line);
            if (_news.Count > ShownNews)
            {
                _news.Dequeue();
            }
        }
    }

    private Rows Draw()
    {
        lock (_gate)
        {
            IEnumerable<IRenderable> rows =
            [
                .. _instances.Take(ShownInstances).Select(Picture),
                new Text(_instances.Count > ShownInstances ? $"and {_instances.Count - ShownInstances} instances more" : ""),
                .. _news.Select(Picture),
                new Rule(),
                new Text(Totals()),
            ];
            return new(rows);
        }
    }

    private Text Picture(SimulateLine line) => new(line.ToText(terminal.Time), line.Style);

    private string Totals()
    {
        var (sent, taken, refused) = (Count(SimulateLine.SentType), Count(SimulateLine.TakenType), Count(SimulateLine.RefusedType));
        return $"{sent} sent, {taken} taken, {sent - taken} waiting, {refused} times refused{(Count(SimulateLine.EndedType) > 0 ? "" : "; Ctrl+C ends it")}";
    }

    private int Count(string type) => _counts.GetValueOrDefault(type);
}
