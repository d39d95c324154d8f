namespace IncomingCalls.Cli.Output;

/// <summary>What the tool leaves to the shell. Documented in docs/command-line.md.</summary>
internal enum ExitCode
{
    /// <summary>Done; ended by Ctrl+C or SIGTERM too.</summary>
    Success = 0,

    /// <summary>Something that nobody foresaw.</summary>
    Failed = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary>What it names cannot be used: a file, a setting, a port.</summary>
    Unusable = 3,

    /// <summary>GREEN-API refuses: a wrong token, an unknown instance.</summary>
    Refused = 4,

    /// <summary>Nobody answers at the address, or somebody else does.</summary>
    Unreachable = 5,

    /// <summary>A notification was not taken.</summary>
    NotAcknowledged = 6,

    /// <summary>The doctor found something that keeps calls away.</summary>
    ProblemsFound = 7,

    /// <summary>Nobody said yes to a question.</summary>
    Declined = 8,
}

/// <summary>Ends a command with one sentence for the person at the keyboard. It never holds a token.</summary>
internal sealed class CommandFailedException(ExitCode code, string sentence) : Exception(sentence)
{
    public ExitCode Code { get; } = code;
}
