using System.CommandLine;

namespace IncomingCalls.Cli;

/// <summary>One run of a command: its arguments, and where its output goes.</summary>
internal sealed class Invocation(ParseResult arguments, Terminal terminal, bool asJson)
{
    public ParseResult Arguments { get; } = arguments;

    public Terminal Terminal { get; } = terminal;

    public OutputLines Output { get; } = new(terminal, asJson);

    /// <summary>Whether a screen that redraws itself may be shown.</summary>
    public bool HasScreen { get; } = terminal.IsInteractive && !asJson;
}
