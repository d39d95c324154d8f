using System.Collections.Concurrent;
using System.Diagnostics;

namespace IncomingCalls.LoadTests;

/// <summary>When alerts were raised, by the clock that all processes of a machine share.</summary>
internal sealed class RaisedAlerts
{
    private readonly ConcurrentQueue<(string IdMessage, long At)> _raised = new();

    public void Add(string idMessage) => _raised.Enqueue((idMessage, Stopwatch.GetTimestamp()));

    /// <summary>Lines of id and time; what was told is forgotten.</summary>
    public string Drain()
    {
        List<string> lines = [];
        while (_raised.TryDequeue(out var raised))
        {
            lines.Add($"{raised.IdMessage} {raised.At}");
        }

        return string.Join('\n', lines);
    }
}
