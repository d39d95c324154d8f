using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace IncomingCalls.Cli.Arguments;

/// <summary>The option that selects one of the two lists of an inbox. Each list has its own ids.</summary>
internal sealed class InboxPartOption
{
    private readonly Option<bool> _quarantine = new("--quarantine")
    {
        Description = "Use the quarantine, which contains unreadable notifications. By default the dead letters are used: events whose handler failed.",
    };

    public InboxPartOption(Command command) => command.Options.Add(_quarantine);

    public static string DisplayNameOf(InboxPart part) => part == InboxPart.Quarantine ? "quarantine" : "dead letters";

    public InboxPart GetPart(ParseResult arguments) => arguments.GetValue(_quarantine) ? InboxPart.Quarantine : InboxPart.DeadLetters;
}

/// <summary>The lists of failed items in an inbox.</summary>
internal enum InboxPart
{
    DeadLetters,
    Quarantine,
}

/// <summary>The selection of one item or of all items, one of which is required by commands that change items.</summary>
internal sealed class ItemSelector
{
    private readonly Argument<long?> _id = new("id")
    {
        Description = "The id of the item, as shown by 'inbox list'.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = ParseId,
    };

    private readonly Option<bool> _all = new("--all") { Description = "Select all items." };

    public ItemSelector(Command command)
    {
        command.Arguments.Add(_id);
        command.Options.Add(_all);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_all) == (result.GetResult(_id)?.Tokens.Count > 0))
            {
                result.AddError($"'{command.Name}' requires either an id or --all.");
            }
        });
    }

    /// <summary>Gets the id; null for all items.</summary>
    public long? GetId(ParseResult arguments) => arguments.GetValue(_all) ? null : arguments.GetValue(_id);

    public static long? ParseId(ArgumentResult result)
    {
        if (long.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return id;
        }

        result.AddError("An id is a whole number, as shown by 'inbox list'.");
        return null;
    }
}
