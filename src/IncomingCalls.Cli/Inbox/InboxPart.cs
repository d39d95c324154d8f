namespace IncomingCalls.Cli;

/// <summary>What an operator looks after.</summary>
internal enum InboxPart
{
    DeadLetters,
    Quarantine,
}
