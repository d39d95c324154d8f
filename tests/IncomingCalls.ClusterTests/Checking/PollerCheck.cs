using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>Checks that each instance has one poller: no two silos ask for its notifications at the same time.</summary>
/// <remarks>A silo that is evicted does not know it yet when it wakes: what it asks from its pause to its end proves nothing.</remarks>
internal sealed class PollerCheck(IReadOnlyList<ApiRequest> requests, IReadOnlyList<SiloLife> lives)
{
    private readonly Dictionary<int, SiloLife> _lives = lives.ToDictionary(life => life.Process);

    public IEnumerable<Finding> Findings() => [.. AtOnce(), .. InTurns()];

    /// <summary>How often a silo that was evicted asked once more at the same time as its successor.</summary>
    public int CountTolerated() => Overlaps().Count(pair => IsDoubtful(pair.First) || IsDoubtful(pair.Second));

    private IEnumerable<Finding> AtOnce() =>
        from pair in Overlaps()
        where !IsDoubtful(pair.First) && !IsDoubtful(pair.Second)
        select new Finding(
            FindingKind.Broken,
            $"instance {pair.First.IdInstance} was polled by {_lives[pair.First.Process]} and {_lives[pair.Second.Process]} at once: "
            + $"{Describe(pair.First)} and {Describe(pair.Second)}");

    /// <summary>An instance comes back to a silo that has had it only when the one that took it over leaves.</summary>
    private IEnumerable<Finding> InTurns()
    {
        foreach (var queue in requests.GroupBy(request => request.IdInstance))
        {
            HashSet<int> before = [];
            ApiRequest? last = null;
            foreach (var request in queue.OrderBy(request => request.From))
            {
                if (last is not null && last.Process != request.Process && before.Contains(request.Process) && !IsDoubtful(request) && !Leaves(last.Process, request.From))
                {
                    yield return new(
                        FindingKind.Broken,
                        $"instance {request.IdInstance} was polled by {_lives[request.Process]} again, while {_lives[last.Process]} had it: {Describe(last)} and {Describe(request)}");
                }

                before.Add(request.Process);
                last = request;
            }
        }
    }

    private bool Leaves(int process, long at) =>
        _lives[process] is var life && (life.End == SiloEnd.Terminated || life.Gone.At <= at || life.IsDoubtfulAt(at));

    /// <summary>Every two requests of different silos that met.</summary>
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

    private bool IsDoubtful(ApiRequest request) => _lives[request.Process].IsDoubtfulAt(request.To) || _lives[request.Process].Gone.At <= request.To;

    private string Describe(ApiRequest request) => $"{(request.IsDeletion ? "deleting" : "receiving")} from {Text(request.From)} to {Text(request.To)} s";

    private string Text(long at) => $"{TimeSpan.FromTicks(at - requests[0].From).TotalSeconds:F3}";
}
