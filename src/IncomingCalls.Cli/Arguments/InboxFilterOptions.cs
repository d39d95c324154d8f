using System.CommandLine;
using System.CommandLine.Parsing;

namespace IncomingCalls.Cli.Arguments;

/// <summary>The options that filter the failed items of an inbox. An item matches if it matches all options.</summary>
internal sealed class InboxFilterOptions
{
    private readonly Option<long?> _idInstance = NumberOption.Create("--instance", "Only items of this instance.", 1, long.MaxValue);
    private readonly Option<string?> _account = CreateText("--account", "Only dead letters of this account (GreenApi:Instances:0:Account).");
    private readonly Option<string?> _handler = CreateText("--handler", "Only dead letters of this handler.");
    private readonly Option<CallEventKind?> _kind = new("--kind")
    {
        Description = "Only dead letters of events of this kind, for example Missed.",
        HelpName = "kind",
        CustomParser = ParseKind,
    };

    private readonly Option<TypedTime?> _from = TypedTime.CreateOption("--from", "Only items that failed or arrived at this time or later: a date, a date and time, or one with an offset.");
    private readonly Option<TypedTime?> _to = TypedTime.CreateOption("--to", "Only items that failed or arrived before this time.");
    private readonly Option<string?> _error = CreateText("--error", "Only items whose error contains this text, in upper or lower case.");

    public InboxFilterOptions(Command command, InboxPartOption part)
    {
        _idInstance.Aliases.Add("--id-instance");
        Option[] forDeadLetters = [_account, _handler, _kind];
        foreach (var option in (Option[])[_idInstance, .. forDeadLetters, _from, _to, _error])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (part.IsQuarantine(result) && forDeadLetters.Any(option => result.GetResult(option) is not null))
            {
                result.AddError("--account, --handler and --kind select dead letters, and not quarantined notifications.");
            }
        });
    }

    /// <summary>Returns whether no option is used.</summary>
    public bool IsEmpty(CommandResult result) =>
        !((Option[])[_idInstance, _account, _handler, _kind, _from, _to, _error]).Any(option => result.GetResult(option) is not null);

    /// <summary>Gets the filter.</summary>
    /// <param name="arguments">The parsed command line.</param>
    /// <param name="time">The clock, for the time zone of times without an offset.</param>
    /// <param name="id">The id of an item; null for any.</param>
    public InboxFilter GetFilter(ParseResult arguments, TimeProvider time, long? id = null) => new()
    {
        Id = id,
        IdInstance = arguments.GetValue(_idInstance),
        Account = arguments.GetValue(_account),
        Handler = arguments.GetValue(_handler),
        Kind = arguments.GetValue(_kind),
        From = arguments.GetValue(_from)?.ToTime(time),
        To = arguments.GetValue(_to)?.ToTime(time),
        ErrorContains = arguments.GetValue(_error),
    };

    private static Option<string?> CreateText(string name, string description) => new(name) { Description = description, HelpName = "text" };

    private static CallEventKind? ParseKind(ArgumentResult result)
    {
        var names = Enum.GetNames<CallEventKind>();
        if (Array.Find(names, name => name.Equals(result.Tokens.Single().Value, StringComparison.OrdinalIgnoreCase)) is { } name)
        {
            return Enum.Parse<CallEventKind>(name);
        }

        result.AddError($"--kind takes {string.Join(", ", names[..^1])} or {names[^1]}.");
        return null;
    }
}
