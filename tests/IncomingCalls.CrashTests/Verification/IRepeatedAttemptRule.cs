namespace IncomingCalls.CrashTests;

/// <summary>Knows what ended the processes, and with it which attempts may be made again.</summary>
internal interface IRepeatedAttemptRule
{
    /// <summary>Whether an attempt may be made again: nobody can have written down that it was made.</summary>
    /// <param name="first">The attempt.</param>
    /// <param name="second">The same attempt, the next time that it was made.</param>
    bool IsRepeatAllowed(Effect first, Effect second);

    /// <summary>The process that made an attempt and how it ended, for people.</summary>
    string Describe(Effect effect);
}

/// <summary>
/// The rule where one process follows the other: an attempt may be made again only where a kill fell between its end and the mark. It
/// was made in a life that was killed, and the file that this life left, and each one after it until the next, still owed exactly this
/// attempt. The lives between may have ended in peace: one that is told to end while it starts leaves what it never took up.
/// </summary>
internal sealed class SequentialRunsRule(IEnumerable<HostRun> lives) : IRepeatedAttemptRule
{
    private readonly Dictionary<int, HostRun> _runs = lives.ToDictionary(life => life.Number);

    public bool IsRepeatAllowed(Effect first, Effect second) =>
        first.RunNumber < second.RunNumber
        && _runs[first.RunNumber].IsKilled
        && Enumerable.Range(first.RunNumber, second.RunNumber - first.RunNumber).All(number => _runs[number].PendingDeliveries.Contains(PendingDelivery.FromEffect(first)));

    public string Describe(Effect effect) => $"life {effect.RunNumber} ({_runs[effect.RunNumber].EndReason})";
}
