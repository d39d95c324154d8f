using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace IncomingCalls.Cli.Simulate;

/// <summary>Shows a simulation as a live display: the instances, the last lines, and the totals.</summary>
internal sealed class SimulationDisplay(Terminal terminal)
{
    private const int MaxInstances = 5;
    private const int MaxRecentLines = 12;

    private readonly Lock _gate = new();
    private readonly List<SimulateLine> _instances = [];
    private readonly Queue<SimulateLine> _recentLines = new();
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>Runs a simulation with a live display; the last state of the display remains on the terminal.</summary>
    public Task<ExitCode> RunAsync(Simulation simulation, CancellationToken cancellationToken) =>
        terminal.Console.Live(Render()).StartAsync(live => simulation.RunAsync(
            line =>
            {
                Record(line);
                live.UpdateTarget(Render());
            },
            cancellationToken));

    private void Record(SimulateLine line)
    {
        lock (_gate)
        {
            _counts[line.Type] = CountOf(line.Type) + 1;
            if (line.Type == SimulateLine.StartedType)
            {
                _instances.Add(line);
                return;
            }

            _recentLines.Enqueue(line);
            if (_recentLines.Count > MaxRecentLines)
            {
                _recentLines.Dequeue();
            }
        }
    }

    private Rows Render()
    {
        lock (_gate)
        {
            IEnumerable<IRenderable> rows =
            [
                .. _instances.Take(MaxInstances).Select(RenderLine),
                new Text(_instances.Count > MaxInstances ? $"and {_instances.Count - MaxInstances} more instances" : ""),
                .. _recentLines.Select(RenderLine),
                new Rule(),
                new Text(FormatTotals()),
            ];
            return new(rows);
        }
    }

    private Text RenderLine(SimulateLine line) => new(line.ToText(terminal.Time), line.Style);

    private string FormatTotals()
    {
        var (sent, acknowledged, refused) = (CountOf(SimulateLine.SentType), CountOf(SimulateLine.AcknowledgedType), CountOf(SimulateLine.RefusedType));
        return $"{sent} sent, {acknowledged} acknowledged, {sent - acknowledged} waiting, {refused} attempts refused{(CountOf(SimulateLine.EndedType) > 0 ? "" : "; press Ctrl+C to end")}";
    }

    private int CountOf(string type) => _counts.GetValueOrDefault(type);
}
