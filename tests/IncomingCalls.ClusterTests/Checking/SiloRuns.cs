using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>
/// The rule of a cluster: an attempt may be made again only if it was made by a silo that was killed or evicted, and was not marked when
/// that happened.
/// </summary>
internal sealed class SiloRuns(IReadOnlyList<SiloRun> lives, IReadOnlyList<Effect> effects) : IRepeatedAttemptRule
{
    private readonly Dictionary<int, SiloRun> _runs = lives.ToDictionary(life => life.Process);

    /// <summary>
    /// The effects in the order in which they began, as far as anybody can tell. An attempt that an evicted silo was about to make when it
    /// was paused is one of that moment, even though it was made when the silo woke. Of an attempt that was <see cref="FindAmbiguousAttempts"/>
    /// only the first is among them.
    /// </summary>
    public IReadOnlyList<Effect> OrderEffects() => [.. effects.Except(FindAmbiguousAttempts(), ReferenceEqualityComparer.Instance).Cast<Effect>().OrderBy(StartedAt)];

    /// <summary>
    /// Attempts that both an evicted silo and its successor made, from the evicted one's waking to its end, the later of both. Until it
    /// notices, the storage lets now the one and now the other write, and neither has to ask before a handler runs.
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
        var life = _runs[first.RunNumber];
        if (first.RunNumber == second.RunNumber || life.EndKind is not (SiloEnd.Killed or SiloEnd.Evicted))
        {
            return false;
        }

        return life.Pauses.Append(life.Ended).First(moment => moment.At >= StartedAt(first)).Pending.Contains(PendingDelivery.FromEffect(first));
    }

    public string Describe(Effect effect) => _runs[effect.RunNumber].ToString();

    private bool IsAmbiguous(Effect one, Effect other) =>
        one.RunNumber != other.RunNumber && _runs[one.RunNumber] is var life && life.IsUnreliableAt(StartedAt(one)) && other.WrittenAt < life.Ended.At;

    private long StartedAt(Effect effect) =>
        _runs[effect.RunNumber] is { EndKind: SiloEnd.Evicted, Pauses: [.., var pause] }
        && pause.At < effect.WrittenAt && pause.Pending.Contains(PendingDelivery.FromEffect(effect))
            ? pause.At
            : effect.WrittenAt;
}

/// <summary>The evidence of a cluster, in which processes live beside each other.</summary>
internal sealed record ClusterEvidence : Evidence
{
    /// <summary>All processes that were silos.</summary>
    public required SiloRuns Silos { get; init; }

    public override IRepeatedAttemptRule RepeatRule => Silos;
}
