namespace IncomingCalls.CrashTests;

/// <summary>Decides which attempts may be repeated, based on what ended the processes.</summary>
internal interface IRepeatedAttemptRule
{
    /// <summary>Whether an attempt may be repeated, because it could not be settled.</summary>
    /// <param name="first">The effect of the attempt.</param>
    /// <param name="second">The effect of its next repetition.</param>
    bool IsRepeatAllowed(Effect first, Effect second);

    /// <summary>Whether attempts before this one may have ended before their handler recorded an effect. By default none may: such an attempt does not count.</summary>
    /// <param name="previous">The effect of the attempt before; null for the first one.</param>
    /// <param name="effect">The effect of the attempt.</param>
    /// <param name="missing">How many attempts recorded no effect.</param>
    bool IsGapAllowed(Effect? previous, Effect effect, int missing) => false;

    /// <summary>Describes the process that made an attempt and how the process ended.</summary>
    string Describe(Effect effect);
}

/// <summary>
/// The rule for sequential processes: an attempt may be repeated only if a kill fell between its end and its settlement. The run that made it
/// was killed, and after that run and each later one up to the repetition the file still contained exactly this pending delivery. The runs in
/// between may have been stopped gracefully: a run that is stopped while it starts settles nothing.
/// </summary>
internal sealed class SequentialRunsRule(IEnumerable<HostRun> runs) : IRepeatedAttemptRule
{
    private readonly Dictionary<int, HostRun> _runs = runs.ToDictionary(run => run.Number);

    public bool IsRepeatAllowed(Effect first, Effect second) =>
        first.RunNumber < second.RunNumber
        && _runs[first.RunNumber].IsKilled
        && Enumerable.Range(first.RunNumber, second.RunNumber - first.RunNumber).All(number => _runs[number].PendingDeliveries.Contains(PendingDelivery.FromEffect(first)));

    public string Describe(Effect effect) => $"run {effect.RunNumber} ({_runs[effect.RunNumber].EndReason})";
}
