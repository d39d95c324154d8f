using System.CommandLine;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Arguments;

/// <summary>The selection of items by commands that change them: one by its id, those that match a filter, or all. One of the three is required.</summary>
internal sealed class ItemSelector
{
    private readonly InboxLocation _location;
    private readonly InboxFilterOptions _filter;
    private readonly Option<bool> _all = new("--all") { Description = "Select all items." };

    public ItemSelector(Command command, InboxLocation location, InboxPartOption part)
    {
        _location = location;
        command.Options.Add(_all);
        _filter = new(command, part);
        command.Validators.Add(result =>
        {
            bool[] selections = [location.HasId(result), result.GetValue(_all), !_filter.IsEmpty(result)];
            if (selections.Count(static isUsed => isUsed) != 1)
            {
                result.AddError($"'{command.Name}' requires either an id, --all, or a filter such as --handler.");
            }
        });
    }

    /// <summary>Gets the selected items.</summary>
    public InboxFilter GetFilter(ParseResult arguments, Terminal terminal) => _filter.GetFilter(arguments, terminal.Time, _location.GetId(arguments));

    /// <summary>Returns whether all items are selected.</summary>
    public bool IsAll(ParseResult arguments) => arguments.GetValue(_all);
}
