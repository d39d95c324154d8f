using System.CommandLine;
using System.CommandLine.Parsing;

namespace IncomingCalls.Cli.Arguments;

/// <summary>The option that selects one of the two lists of an inbox. Each list has its own ids.</summary>
internal sealed class InboxPartOption
{
    private readonly Option<bool> _quarantine = new("--quarantine")
    {
        Description = "Use the quarantine, which contains unreadable notifications. By default the dead letters are used: events whose handler failed.",
    };

    public InboxPartOption(Command command) => command.Options.Add(_quarantine);

    /// <summary>Returns whether the quarantine is selected.</summary>
    public bool IsQuarantine(CommandResult result) => result.GetValue(_quarantine);

    public static string DisplayNameOf(InboxPart part) => part == InboxPart.Quarantine ? "quarantine" : "dead letters";

    public InboxPart GetPart(ParseResult arguments) => arguments.GetValue(_quarantine) ? InboxPart.Quarantine : InboxPart.DeadLetters;
}

/// <summary>The lists of failed items in an inbox.</summary>
internal enum InboxPart
{
    DeadLetters,
    Quarantine,
}
