using System.Diagnostics;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>Checks that each instance has one poller: two silos that ask for its notifications at the same time soon agree who does.</summary>
/// <remarks>
/// Where a grain lives, Orleans's directory knows, and while silos come and go it may know two places for seconds. A silo that is evicted
/// does not know it yet when it wakes: what it asks from its pause to its end proves nothing.
/// </remarks>
internal sealed class PollerCheck(IReadOnlyList<ApiRequest> requests, IReadOnlyList<SiloLife> lives)
{
    /// <summary>How long a hand-over may take: until the cluster agrees on its members, and a poller has answered to that.</summary>
    public static readonly TimeSpan HandOver = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, SiloLife> _lives = lives.ToDictionary(life => life.Process);

    /// <summary>How many requests were made.</summary>
    public int Count => requests.Count;

    /// <summary>The times in which an instance had two pollers, other than one that was evicted.</summary>
    public IReadOnlyList<TimeSpan> HandOvers() => [.. Doubles().Select(LengthOf)];

    public IEnumerable<Finding> Findings() =>
        from pairs in Doubles()
        where LengthOf(pairs) > HandOver
        select new Finding(
            FindingKind.Broken,
            $"instance {pairs.Key.IdInstance} was polled by {_lives[pairs.Key.One]} and {_lives[pairs.Key.Other]} at once for {LengthOf(pairs).TotalSeconds:F1} s");

    /// <summary>How often a silo that was evicted asked once more at the same time as its successor.</summary>
    public int CountOfEvicted() => Overlaps().Count(IsDoubtful);

    private IEnumerable<IGrouping<(long IdInstance, int One, int Other), (ApiRequest First, ApiRequest Second)>> Doubles() =>
        Overlaps().Where(pair => !IsDoubtful(pair)).GroupBy(pair => (
            pair.First.IdInstance, Math.Min(pair.First.Process, pair.Second.Process), Math.Max(pair.First.Process, pair.Second.Process)));

    private static TimeSpan LengthOf(IEnumerable<(ApiRequest First, ApiRequest Second)> pairs) =>
        Stopwatch.GetElapsedTime(pairs.Min(pair => pair.Second.From), pairs.Max(pair => Math.Min(pair.First.To, pair.Second.To)));

    /// <summary>Every two requests of different silos that met, the one that came first before the other.</summary>
    private IEnumerable<(ApiRequest First, ApiRequest Second)> Overlaps()
    {
        foreach (var queue in requests.GroupBy(request => request.IdInstance))
        {
            List<ApiRequest> open = [];
            foreach (var request in queue.OrderBy(request => request.From))
            {
                open.RemoveAll(other => other.To <= request.From);
                foreach (var other in open.Where(other => other.Process != request.Process))
                {
                    yield return (other, request);
                }

                open.Add(request);
            }
        }
    }

    private bool IsDoubtful((ApiRequest First, ApiRequest Second) pair) => IsDoubtful(pair.First) || IsDoubtful(pair.Second);

    private bool IsDoubtful(ApiRequest request) => _lives[request.Process].IsDoubtfulAt(request.To);
}
