using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>
/// The rule of a cluster: an attempt may be made again only if it was made by a silo that was killed or evicted, and was not marked when
/// that happened.
/// </summary>
internal sealed class SiloLives(IReadOnlyList<SiloLife> lives, IReadOnlyList<Effect> effects) : IRepeatRule
{
    private readonly Dictionary<int, SiloLife> _lives = lives.ToDictionary(life => life.Process);

    /// <summary>
    /// The effects in the order in which they began, as far as anybody can tell. An attempt that an evicted silo was about to make when it
    /// was paused is one of that moment, even though it was made when the silo woke. Of an attempt that was <see cref="MadeInDoubt"/>
    /// only the first is among them.
    /// </summary>
    public IReadOnlyList<Effect> InOrder() => [.. effects.Except(MadeInDoubt(), ReferenceEqualityComparer.Instance).Cast<Effect>().OrderBy(BegunAt)];

    /// <summary>
    /// Attempts that both an evicted silo and its successor made, from the evicted one's waking to its end, the later of both. Until it
    /// notices, the storage lets now the one and now the other write, and neither has to ask before a handler runs.
    /// </summary>
    public IReadOnlyList<Effect> MadeInDoubt() =>
    [
        .. from attempts in effects.OrderBy(BegunAt).GroupBy(effect => (effect.EventId, effect.Handler, effect.Attempt))
           from pair in attempts.Zip(attempts.Skip(1))
           where IsInDoubt(pair.First, pair.Second) || IsInDoubt(pair.Second, pair.First)
           select pair.Second,
    ];

    public bool MayRunAgain(Effect first, Effect second)
    {
        var life = _lives[first.Life];
        if (first.Life == second.Life || life.End is not (SiloEnd.Killed or SiloEnd.Evicted))
        {
            return false;
        }

        return life.Pauses.Append(life.Gone).First(moment => moment.At >= BegunAt(first)).Owed.Contains(OwedRun.Of(first));
    }

    public string Describe(Effect effect) => _lives[effect.Life].ToString();

    private bool IsInDoubt(Effect one, Effect other) =>
        one.Life != other.Life && _lives[one.Life] is var life && life.IsDoubtfulAt(BegunAt(one)) && other.At < life.Gone.At;

    private long BegunAt(Effect effect) =>
        _lives[effect.Life] is { End: SiloEnd.Evicted, Pauses: [.., var pause] }
        && pause.At < effect.At && pause.Owed.Contains(OwedRun.Of(effect))
            ? pause.At
            : effect.At;
}
