using System.Diagnostics;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>
/// The rule of the PostgreSQL inbox: an attempt may be repeated only if a fault ended its process or its session, cut its node off, or paused it for longer than the
/// server waits. The interrupted attempt counts, unless the server was restarted, or the process had claimed the delivery and not recorded the start yet.
/// </summary>
/// <param name="runs">The processes.</param>
/// <param name="interruptions">The times in which faults could interrupt attempts.</param>
/// <param name="effects">The attempts, in any order.</param>
/// <param name="committed">The attempts whose effects were committed with the end of their delivery.</param>
internal sealed class NodeRuns(
    IReadOnlyList<NodeRun> runs, IReadOnlyList<Interruption> interruptions, IReadOnlyList<Effect> effects, IReadOnlyList<Effect> committed) : IRepeatedAttemptRule
{
    /// <summary>The longest attempt: the timeout of a handler, the time after which it is abandoned, and its settlement. A fault after that cannot have interrupted it.</summary>
    private static readonly long MaxAttempt = (long)((NodeHost.HandlerTimeout.TotalSeconds + 10) * Stopwatch.Frequency);

    /// <summary>How long after a fault a process may start a handler whose claim it has lost: the pause was between the claim and the handler.</summary>
    private static readonly long MaxDelay = 5 * Stopwatch.Frequency;

    private readonly Dictionary<int, NodeRun> _runs = runs.ToDictionary(run => run.Process);
    private readonly ILookup<(string, string), Effect> _attempts = effects.ToLookup(effect => (effect.EventId, effect.Handler));
    private readonly HashSet<Effect> _committed = [.. committed];
    private readonly Interruption[] _interruptions = [.. interruptions.Where(interruption => interruption.EndsAttempts)];

    /// <summary>Orders the effects by the start of their attempts. A late one counts as started when its process lost the claim.</summary>
    public IReadOnlyList<Effect> OrderEffects() => [.. effects.OrderBy(effect => FindLoss(effect)?.From ?? effect.WrittenAt)];

    /// <summary>Counts the attempts whose handler started after another process had made the same or a later attempt.</summary>
    public int CountLate() => effects.Count(IsLate);

    public bool IsRepeatAllowed(Effect first, Effect second)
    {
        var (from, to) = (FindEarliestStart(first), StartedAt(second));
        return Find(first.RunNumber, from, Math.Min(to, from + MaxAttempt)).Any()
            && (second.Attempt > first.Attempt || IsLate(first) || IsRestarted(from, to));
    }

    public bool IsGapAllowed(Effect? previous, Effect effect, int missing)
    {
        var from = previous is null ? 0 : StartedAt(previous);
        return _interruptions.Count(interruption => interruption.From <= StartedAt(effect) && interruption.To >= from) >= missing;
    }

    public string Describe(Effect effect) => $"{_runs[effect.RunNumber]} at {effect.WrittenAt}";

    private bool IsLate(Effect effect) => FindLoss(effect) is not null;

    private long StartedAt(Effect effect) => FindLoss(effect)?.From ?? effect.WrittenAt;

    /// <summary>Gets when an attempt may have started: its claim may be from before a fault after which its process has started the handler.</summary>
    private long FindEarliestStart(Effect effect) => _interruptions
        .Where(interruption => interruption.Process == effect.RunNumber && interruption.From < effect.WrittenAt && interruption.To + MaxDelay >= effect.WrittenAt)
        .Select(interruption => interruption.From)
        .Append(StartedAt(effect)).Min();

    /// <summary>Whether the server was restarted, so that it has no record of attempts that had started.</summary>
    private bool IsRestarted(long from, long to) =>
        _interruptions.Any(interruption => interruption.Kind == InterruptionKind.DatabaseRestart && interruption.From <= to && interruption.To >= from);

    /// <summary>Finds the interruption in which a process lost a claim whose handler it has started all the same; null for the usual attempt.</summary>
    private Interruption? FindLoss(Effect effect)
    {
        if (_committed.Contains(effect))
        {
            // Only the holder of a claim can commit.
            return null;
        }

        var successors = _attempts[(effect.EventId, effect.Handler)]
            .Where(other => other.RunNumber != effect.RunNumber && other.Attempt >= effect.Attempt && other.WrittenAt < effect.WrittenAt).ToArray();
        return _interruptions.FirstOrDefault(interruption =>
            IsOf(interruption, effect.RunNumber)
            && interruption.To + MaxDelay >= effect.WrittenAt
            && successors.Any(other => other.WrittenAt >= interruption.From && IsSuccessor(other, effect, interruption)));
    }

    /// <summary>Whether an attempt shows that the claim of a later one was lost in an interruption. The same number is no proof after a restart of the server, which repeats it.</summary>
    private bool IsSuccessor(Effect other, Effect effect, Interruption interruption) =>
        other.Attempt > effect.Attempt || (interruption.Process is not null && (!IsRestarted(other.WrittenAt, effect.WrittenAt) || HasEndedBefore(other, effect)));

    /// <summary>Whether a delivery had ended with an attempt: it was committed, or the next event of the call was handled.</summary>
    private bool HasEndedBefore(Effect other, Effect effect) => _committed.Contains(other) || effects.Any(next =>
        next.Handler == other.Handler && next.Call == other.Call && next.EventId != other.EventId && next.WrittenAt > other.WrittenAt && next.WrittenAt < effect.WrittenAt);

    private IEnumerable<Interruption> Find(int process, long from, long to) =>
        _interruptions.Where(interruption => IsOf(interruption, process) && interruption.From <= to && interruption.To >= from);

    private static bool IsOf(Interruption interruption, int process) => interruption.Process is null || interruption.Process == process;
}

/// <summary>The evidence of a cluster of nodes.</summary>
internal sealed record NodeEvidence : Evidence
{
    /// <summary>All processes that were nodes.</summary>
    public required NodeRuns Nodes { get; init; }

    public override IRepeatedAttemptRule RepeatRule => Nodes;
}
