using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>
/// The rule of a cluster: an attempt may be repeated only if the silo that made it was killed or evicted, and the attempt was not settled when
/// that happened.
/// </summary>
internal sealed class SiloRuns(IReadOnlyList<SiloRun> runs, IReadOnlyList<Effect> effects) : IRepeatedAttemptRule
{
    private readonly Dictionary<int, SiloRun> _runs = runs.ToDictionary(run => run.Process);

    /// <summary>
    /// Orders the effects by the start of their attempts, as far as it is known. An attempt that was pending when an evicted silo was paused counts
    /// as started then, even if it was made after the silo resumed. Of the attempts that <see cref="FindAmbiguousAttempts"/> finds, only the
    /// first is included.
    /// </summary>
    public IReadOnlyList<Effect> OrderEffects() => [.. effects.Except(FindAmbiguousAttempts(), ReferenceEqualityComparer.Instance).Cast<Effect>().OrderBy(StartedAt)];

    /// <summary>
    /// Finds attempts that both an evicted silo and its successor made between the resumption and the exit of the evicted silo, and returns the later
    /// of each two. Until the evicted silo notices, the storage accepts writes of both, and neither has to write before a handler runs.
    /// </summary>
    public IReadOnlyList<Effect> FindAmbiguousAttempts() =>
    [
        .. from attempts in effects.OrderBy(StartedAt).GroupBy(effect => (effect.EventId, effect.Handler, effect.Attempt))
           from pair in attempts.Zip(attempts.Skip(1))
           where IsAmbiguous(pair.First, pair.Second) || IsAmbiguous(pair.Second, pair.First)
           select pair.Second,
    ];

    public bool IsRepeatAllowed(Effect first, Effect second)
    {
        var run = _runs[first.RunNumber];
        if (first.RunNumber == second.RunNumber || run.EndKind is not (SiloEnd.Killed or SiloEnd.Evicted))
        {
            return false;
        }

        return run.Pauses.Append(run.Ended).First(moment => moment.At >= StartedAt(first)).Pending.Contains(PendingDelivery.FromEffect(first));
    }

    public string Describe(Effect effect) => _runs[effect.RunNumber].ToString();

    private bool IsAmbiguous(Effect one, Effect other) =>
        one.RunNumber != other.RunNumber && _runs[one.RunNumber] is var run && run.IsUnreliableAt(StartedAt(one)) && other.WrittenAt < run.Ended.At;

    private long StartedAt(Effect effect) =>
        _runs[effect.RunNumber] is { EndKind: SiloEnd.Evicted, Pauses: [.., var pause] }
        && pause.At < effect.WrittenAt && pause.Pending.Contains(PendingDelivery.FromEffect(effect))
            ? pause.At
            : effect.WrittenAt;
}

/// <summary>The evidence of a cluster, in which processes run at the same time.</summary>
internal sealed record ClusterEvidence : Evidence
{
    /// <summary>All processes that were silos.</summary>
    public required SiloRuns Silos { get; init; }

    public override IRepeatedAttemptRule RepeatRule => Silos;
}
