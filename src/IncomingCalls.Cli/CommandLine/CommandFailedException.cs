namespace IncomingCalls.Cli;

/// <summary>Ends a command with one sentence for the person at the keyboard. It never holds a token.</summary>
internal sealed class CommandFailedException(ExitCode code, string sentence) : Exception(sentence)
{
    public ExitCode Code { get; } = code;
}
