namespace IncomingCalls.Cli.Output;

/// <summary>The exit codes of the tool, documented in docs/command-line.md.</summary>
internal enum ExitCode
{
    /// <summary>The command succeeded, or was ended by Ctrl+C or SIGTERM.</summary>
    Success = 0,

    /// <summary>The command failed unexpectedly.</summary>
    Failed = 1,

    /// <summary>The command line is invalid.</summary>
    Usage = 2,

    /// <summary>A file, a setting or a port that the command line names cannot be used, or the output cannot be written.</summary>
    Unusable = 3,

    /// <summary>GREEN-API rejected the request, for example because of a wrong token or an unknown instance.</summary>
    Refused = 4,

    /// <summary>The server does not respond, or is not GREEN-API.</summary>
    Unreachable = 5,

    /// <summary>A notification was not acknowledged.</summary>
    NotAcknowledged = 6,

    /// <summary>The doctor found a problem that prevents calls from arriving, a notification was acknowledged but not accepted, an inbox is not drained, or an erasure is not complete.</summary>
    ProblemsFound = 7,

    /// <summary>A confirmation was declined, or could not be asked for.</summary>
    Declined = 8,
}

/// <summary>Ends a command with a message for the user. The message never contains a token.</summary>
internal sealed class CommandFailedException(ExitCode code, string message) : Exception(message)
{
    public ExitCode Code { get; } = code;
}
