using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Infrastructure;

namespace IncomingCalls.Inbox;

/// <summary>
/// A validated action of an operator, for authors of inboxes. An inbox carries it out and stores its entry in the administration log in one
/// transaction where its store has them.
/// </summary>
[Experimental("ICEXP001")]
public sealed class AdministrationRequest
{
    /// <summary>The number of entries that an inbox in a database stores; the oldest are deleted.</summary>
    public const int MaxLogEntries = 10_000;

    private readonly string? _performedBy;

    private AdministrationRequest(AdministrationAction action, InboxFilter filter, string? performedBy) => (Action, Filter, _performedBy) = (action, filter, performedBy);

    /// <summary>The action.</summary>
    public AdministrationAction Action { get; }

    /// <summary>Which items the action is for.</summary>
    public InboxFilter Filter { get; }

    /// <summary>Validates the arguments of an action.</summary>
    /// <param name="action">The action.</param>
    /// <param name="filter">Which items the action is for; null for all.</param>
    /// <param name="performedBy">Who takes the action, at most 200 characters; null or white space if that is not known.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ArgumentException">The filter does not apply to the items, or the name is too long.</exception>
    public static AdministrationRequest Create(AdministrationAction action, InboxFilter? filter, string? performedBy)
    {
        var name = OperatorName.Require(performedBy);
        if (action != AdministrationAction.EndPauses)
        {
            filter?.ThrowIfForPauses();
        }

        var isForQuarantine = action is AdministrationAction.ReplayQuarantine or AdministrationAction.PurgeQuarantine;
        return new(action, isForQuarantine ? RequireForQuarantine(filter) : filter ?? new(), name);
    }

    /// <summary>Validates a filter of the quarantine.</summary>
    /// <param name="filter">The filter; null for all notifications.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="ArgumentException">The filter has an account, a handler or a kind, which a quarantined notification does not have.</exception>
    public static InboxFilter RequireForQuarantine(InboxFilter? filter)
    {
        filter?.ThrowIfForDeadLetters();
        return filter ?? new();
    }

    /// <summary>Creates the entry of the administration log. An action that has changed nothing has none.</summary>
    /// <param name="id">The id of the entry.</param>
    /// <param name="at">The current time, in UTC.</param>
    /// <param name="count">The number of items that were replayed or purged.</param>
    /// <returns>The entry.</returns>
    public AdministrationLogEntry CreateLogEntry(long id, DateTimeOffset at, int count) =>
        new() { Id = id, At = at, Action = Action, Filter = Filter, Count = count, PerformedBy = _performedBy };
}
