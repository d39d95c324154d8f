using System.Diagnostics;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>Checks that each instance has one poller, except for a short hand-over between two processes.</summary>
/// <remarks>
/// With the PostgreSQL inbox a node that has lost the session of its lock polls until it notices that. The grain directory of Orleans says where a grain is activated; while silos join and leave it may name two silos for seconds. A silo that was
/// evicted during a pause does not know it yet when it resumes: its requests between the pause and its end are ignored.
/// </remarks>
internal sealed class PollerCheck(IReadOnlyList<PollRequest> requests, IReadOnlyList<ProcessRun> runs)
{
    /// <summary>The longest allowed hand-over: until the former poller has noticed that it is no longer the poller, and has stopped.</summary>
    public static readonly TimeSpan MaxHandover = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, ProcessRun> _runs = runs.ToDictionary(run => run.Process);

    /// <summary>The number of requests.</summary>
    public int Count => requests.Count;

    /// <summary>Finds the durations in which an instance had two pollers, not counting evicted silos.</summary>
    public IReadOnlyList<TimeSpan> FindHandovers() => [.. ConcurrentPollers().Select(DurationOf)];

    public IEnumerable<Finding> FindViolations() =>
        from pairs in ConcurrentPollers()
        where DurationOf(pairs) > MaxHandover
        select new Finding(
            FindingKind.HostFailure,
            $"instance {pairs.Key.IdInstance} was polled by {_runs[pairs.Key.One]} and {_runs[pairs.Key.Other]} at once for {DurationOf(pairs).TotalSeconds:F1} s");

    /// <summary>Counts the requests of evicted silos that overlapped with a request of the successor.</summary>
    public int CountOverlapsOfEvicted() => Overlaps().Count(IsUnreliable);

    private IEnumerable<IGrouping<(long IdInstance, int One, int Other), (PollRequest First, PollRequest Second)>> ConcurrentPollers() =>
        Overlaps().Where(pair => !IsUnreliable(pair)).GroupBy(pair => (
            pair.First.IdInstance, Math.Min(pair.First.Process, pair.Second.Process), Math.Max(pair.First.Process, pair.Second.Process)));

    private static TimeSpan DurationOf(IEnumerable<(PollRequest First, PollRequest Second)> pairs) =>
        Stopwatch.GetElapsedTime(pairs.Min(pair => pair.Second.ReceivedAt), pairs.Max(pair => Math.Min(pair.First.AnsweredAt, pair.Second.AnsweredAt)));

    /// <summary>Gets every two overlapping requests of different processes, the earlier one first.</summary>
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
    /// <summary>The port of the gateway.</summary>
    public required int Port { get; init; }

    public required long IdInstance { get; init; }

    /// <summary>The process that sent the request.</summary>
    public required int Process { get; init; }

    /// <summary>Whether the request deletes a notification; otherwise it receives one.</summary>
    public required bool IsDeletion { get; init; }

    /// <summary>When the request arrived: a timestamp of the machine.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>When the request was answered or aborted: a timestamp of the machine.</summary>
    public required long AnsweredAt { get; init; }
}
