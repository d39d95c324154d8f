using System.CommandLine;

namespace IncomingCalls.Cli;

/// <summary>Which of the two lists is meant; ids are of one of them.</summary>
internal sealed class InboxPartOption
{
    private readonly Option<bool> _quarantine = new("--quarantine")
    {
        Description = "The quarantine, where notifications are that could not be read. By default the dead letters, events whose handler gave up.",
    };

    public InboxPartOption(Command command) => command.Options.Add(_quarantine);

    public static string DisplayNameOf(InboxPart part) => part == InboxPart.Quarantine ? "quarantine" : "dead letters";

    public InboxPart GetPart(ParseResult arguments) => arguments.GetValue(_quarantine) ? InboxPart.Quarantine : InboxPart.DeadLetters;
}
