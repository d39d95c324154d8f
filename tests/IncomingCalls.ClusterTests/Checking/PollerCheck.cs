using System.Diagnostics;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>Checks that each instance has one poller: two silos that ask for its notifications at the same time soon agree who does.</summary>
/// <remarks>
/// Where a grain lives, Orleans's directory knows, and while silos come and go it may know two places for seconds. A silo that is evicted
/// does not know it yet when it wakes: what it asks from its pause to its end proves nothing.
/// </remarks>
internal sealed class PollerCheck(IReadOnlyList<PollRequest> requests, IReadOnlyList<SiloRun> lives)
{
    /// <summary>How long a hand-over may take: until the cluster agrees on its members, and a poller has answered to that.</summary>
    public static readonly TimeSpan MaxHandover = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, SiloRun> _runs = lives.ToDictionary(life => life.Process);

    /// <summary>How many requests were made.</summary>
    public int Count => requests.Count;

    /// <summary>The times in which an instance had two pollers, other than one that was evicted.</summary>
    public IReadOnlyList<TimeSpan> FindHandovers() => [.. ConcurrentPollers().Select(DurationOf)];

    public IEnumerable<Finding> FindViolations() =>
        from pairs in ConcurrentPollers()
        where DurationOf(pairs) > MaxHandover
        select new Finding(
            FindingKind.HostFailure,
            $"instance {pairs.Key.IdInstance} was polled by {_runs[pairs.Key.One]} and {_runs[pairs.Key.Other]} at once for {DurationOf(pairs).TotalSeconds:F1} s");

    /// <summary>How often a silo that was evicted asked once more at the same time as its successor.</summary>
    public int CountOverlapsOfEvicted() => Overlaps().Count(IsUnreliable);

    private IEnumerable<IGrouping<(long IdInstance, int One, int Other), (PollRequest First, PollRequest Second)>> ConcurrentPollers() =>
        Overlaps().Where(pair => !IsUnreliable(pair)).GroupBy(pair => (
            pair.First.IdInstance, Math.Min(pair.First.Process, pair.Second.Process), Math.Max(pair.First.Process, pair.Second.Process)));

    private static TimeSpan DurationOf(IEnumerable<(PollRequest First, PollRequest Second)> pairs) =>
        Stopwatch.GetElapsedTime(pairs.Min(pair => pair.Second.ReceivedAt), pairs.Max(pair => Math.Min(pair.First.AnsweredAt, pair.Second.AnsweredAt)));

    /// <summary>Every two requests of different silos that met, the one that came first before the other.</summary>
    private IEnumerable<(PollRequest First, PollRequest Second)> Overlaps()
    {
        foreach (var queue in requests.GroupBy(request => request.IdInstance))
        {
            List<PollRequest> open = [];
            foreach (var request in queue.OrderBy(request => request.ReceivedAt))
            {
                open.RemoveAll(other => other.AnsweredAt <= request.ReceivedAt);
                foreach (var other in open.Where(other => other.Process != request.Process))
                {
                    yield return (other, request);
                }

                open.Add(request);
            }
        }
    }

    private bool IsUnreliable((PollRequest First, PollRequest Second) pair) => IsUnreliable(pair.First) || IsUnreliable(pair.Second);

    private bool IsUnreliable(PollRequest request) => _runs[request.Process].IsUnreliableAt(request.AnsweredAt);
}

/// <summary>A request for the queue of an instance, as the gateway saw it.</summary>
internal sealed record PollRequest
{
    /// <summary>Where the gateway listens.</summary>
    public required int Port { get; init; }

    public required long IdInstance { get; init; }

    /// <summary>The silo that asked.</summary>
    public required int Process { get; init; }

    /// <summary>Whether it was to delete; else to receive.</summary>
    public required bool IsDeletion { get; init; }

    /// <summary>When it came: a timestamp of the machine.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>When it was answered, or broken off.</summary>
    public required long AnsweredAt { get; init; }
}
