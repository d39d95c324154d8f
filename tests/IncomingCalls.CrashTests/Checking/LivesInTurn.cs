namespace IncomingCalls.CrashTests;

/// <summary>
/// The rule where one process follows the other: an attempt may be made again only where a kill fell between its end and the mark. It
/// was made in a life that was killed, and the file that this life left, and each one after it until the next, still owed exactly this
/// attempt. The lives between may have ended in peace: one that is told to end while it starts leaves what it never took up.
/// </summary>
internal sealed class LivesInTurn(IEnumerable<Life> lives) : IRepeatRule
{
    private readonly Dictionary<int, Life> _lives = lives.ToDictionary(life => life.Number);

    public bool MayRunAgain(Effect first, Effect second) =>
        first.Life < second.Life
        && _lives[first.Life].IsKilled
        && Enumerable.Range(first.Life, second.Life - first.Life).All(number => _lives[number].Owed.Contains(OwedRun.Of(first)));

    public string Describe(Effect effect) => $"life {effect.Life} ({_lives[effect.Life].End})";
}
