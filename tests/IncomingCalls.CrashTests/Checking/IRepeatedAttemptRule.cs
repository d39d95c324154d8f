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
