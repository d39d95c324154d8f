using System.Collections.Concurrent;
using System.Diagnostics;

namespace IncomingCalls.LoadTests;

/// <summary>An operator notifier that writes down when it was called, by the clock that all processes of a machine share.</summary>
internal sealed class TimedNotifier(TimedNotifier.Times times, HandledCount handled) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        times.Raised[alert.Call.Key.IdMessage] = Stopwatch.GetTimestamp();
        handled.Add();
        return ValueTask.CompletedTask;
    }

    /// <summary>When each call was raised.</summary>
    internal sealed class Times
    {
        public ConcurrentDictionary<string, long> Raised { get; } = new(StringComparer.Ordinal);

        /// <summary>Lines of id and time; what was told is forgotten.</summary>
        public string Tell()
        {
            var raised = Raised.ToArray();
            foreach (var (id, _) in raised)
            {
                Raised.TryRemove(id, out _);
            }

            return string.Join('\n', raised.Select(pair => $"{pair.Key} {pair.Value}"));
        }
    }
}
