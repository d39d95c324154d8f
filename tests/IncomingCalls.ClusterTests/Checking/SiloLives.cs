using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>
/// The rule of a cluster: an attempt may be made again only if it was made by a silo that was killed or evicted, and was not marked when
/// that happened.
/// </summary>
internal sealed class SiloLives(IReadOnlyList<SiloLife> lives, IReadOnlyList<Effect> effects) : IRepeatRule
{
    private readonly Dictionary<int, SiloLife> _lives = lives.ToDictionary(life => life.Process);
    private readonly ILookup<(int, CallKey, string), Effect> _effects = effects.ToLookup(effect => (effect.Life, effect.Call, effect.Handler));

    /// <summary>
    /// The effects in the order in which they began, as far as anybody can tell. An attempt that an evicted silo was about to make when it
    /// was paused is one of that moment, even though it was made when the silo woke.
    /// </summary>
    public IReadOnlyList<Effect> InOrder() => [.. effects.OrderBy(BegunAt)];

    public bool MayRunAgain(Effect first, Effect second)
    {
        var life = _lives[first.Life];
        if (first.Life == second.Life || life.End is not (SiloEnd.Killed or SiloEnd.Evicted))
        {
            return false;
        }

        var run = OwedRun.Of(first);
        return life.Pauses.Append(life.Gone).First(moment => moment.At >= BegunAt(first)).Owed.Contains(run)
            || (second.At < life.Gone.At && IsLast(life, first));
    }

    public string Describe(Effect effect) => _lives[effect.Life].ToString();

    /// <summary>An evicted silo that wakes may still make one attempt for each handler of a call; to mark it, it has to look at the storage.</summary>
    private bool IsLast(SiloLife life, Effect effect) => life.IsDoubtfulAt(effect.At) && _effects[(effect.Life, effect.Call, effect.Handler)].MaxBy(other => other.At) == effect;

    private long BegunAt(Effect effect) =>
        _lives[effect.Life] is { End: SiloEnd.Evicted } life
        && life.Pauses.LastOrDefault(pause => pause.At < effect.At) is { } pause && pause.Owed.Contains(OwedRun.Of(effect))
            ? pause.At
            : effect.At;
}
