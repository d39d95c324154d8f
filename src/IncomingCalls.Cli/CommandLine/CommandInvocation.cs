using System.CommandLine;

namespace IncomingCalls.Cli;

/// <summary>One run of a command: its arguments, and where its output goes.</summary>
/// <param name="arguments">The command line.</param>
/// <param name="terminal">Where it was typed.</param>
/// <param name="asJson">Whether lines are written as JSON.</param>
/// <param name="end">Ends the command.</param>
internal sealed class CommandInvocation(ParseResult arguments, Terminal terminal, bool asJson, Action end)
{
    public ParseResult Arguments { get; } = arguments;

    public Terminal Terminal { get; } = terminal;

    public OutputWriter Output { get; } = new(terminal, asJson, end);

    /// <summary>Whether a screen that redraws itself may be shown.</summary>
    public bool UsesLiveDisplay { get; } = terminal.IsInteractive && !asJson;
}
