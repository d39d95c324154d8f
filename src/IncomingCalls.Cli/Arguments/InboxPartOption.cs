using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace IncomingCalls.Cli.Arguments;

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

/// <summary>What an operator looks after.</summary>
internal enum InboxPart
{
    DeadLetters,
    Quarantine,
}

/// <summary>One item, or all of them: for commands that change something, of which one has to be said.</summary>
internal sealed class ItemSelector
{
    private readonly Argument<long?> _id = new("id")
    {
        Description = "The item, as 'inbox list' numbers it.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = ParseId,
    };

    private readonly Option<bool> _all = new("--all") { Description = "All of them." };

    public ItemSelector(Command command)
    {
        command.Arguments.Add(_id);
        command.Options.Add(_all);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_all) == (result.GetResult(_id)?.Tokens.Count > 0))
            {
                result.AddError($"'{command.Name}' takes either an id or --all.");
            }
        });
    }

    /// <summary>The id; null for all.</summary>
    public long? GetId(ParseResult arguments) => arguments.GetValue(_all) ? null : arguments.GetValue(_id);

    public static long? ParseId(ArgumentResult result)
    {
        if (long.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return id;
        }

        result.AddError("An id is a whole number, as 'inbox list' shows it.");
        return null;
    }
}
