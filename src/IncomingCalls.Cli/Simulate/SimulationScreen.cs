using Spectre.Console;
using Spectre.Console.Rendering;

namespace IncomingCalls.Cli;

/// <summary>A simulation for somebody who watches: the totals, and the last things that happened.</summary>
internal sealed class SimulationScreen(Invocation invocation)
{
    private const int LastLines = 12;

    private readonly Lock _gate = new();
    private readonly Queue<SimulateLine> _last = new();
    private readonly Dictionary<string, int> _counts = [];

    public async Task<ExitCode> RunAsync(Simulation simulation, CancellationToken cancellationToken)
    {
        SimulateLine? ended = null;
        try
        {
            return await invocation.Terminal.Screen.Live(Draw()).AutoClear(true).StartAsync(live => simulation.RunAsync(
                line =>
                {
                    if (line.Type == SimulateLine.StartedType)
                    {
                        Show(line);
                    }
                    else if (line.Type == SimulateLine.EndedType)
                    {
                        ended = line;
                    }
                    else
                    {
                        Note(line);
                        live.UpdateTarget(Draw());
                    }
                },
                cancellationToken));
        }
        finally
        {
            // Below what is left of the screen, whichever way it ended.
            if (ended is not null)
            {
                Show(ended);
            }
        }
    }

    private void Show(SimulateLine line) => invocation.Output.Write(line, CliJsonContext.Readable.SimulateLine);

    private void Note(SimulateLine line)
    {
        lock (_gate)
        {
            _counts[line.Type] = _counts.GetValueOrDefault(line.Type) + 1;
            _last.Enqueue(line);
            if (_last.Count > LastLines)
            {
                _last.Dequeue();
            }
        }
    }

    private Rows Draw()
    {
        lock (_gate)
        {
            var (sent, taken, refused) = (Count(SimulateLine.SentType), Count(SimulateLine.TakenType), Count(SimulateLine.RefusedType));
            IEnumerable<IRenderable> rows =
            [
                .. _last.Select(line => new Text(line.ToText(invocation.Terminal.Time), line.Style).Ellipsis()),
                new Rule(),
                new Text($"{sent} sent, {taken} taken, {sent - taken} waiting, {refused} refused; Ctrl+C ends it"),
            ];
            return new(rows);
        }
    }

    private int Count(string type) => _counts.GetValueOrDefault(type);
}
