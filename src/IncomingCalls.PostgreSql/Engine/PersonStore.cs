using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>Changes persons in the transactions that change their calls. The row of a call is locked before those of persons, and several persons in one order.</summary>
internal sealed class PersonStore(InboxContext context)
{
    private readonly PersonTable _persons = new(context.Database.Schema);

    /// <summary>Locks the persons that a change of a call concerns, and applies it to them.</summary>
    public async Task<PersonChanges> ApplyAsync(NpgsqlConnection connection, IReadOnlyList<PersonContact> contacts)
    {
        if (contacts.Count == 0)
        {
            return PersonChanges.None;
        }

        List<PersonChange> changes = [];
        foreach (var contact in contacts.OrderBy(static contact => contact.Person.Account, StringComparer.Ordinal).ThenBy(static contact => contact.Person.IdInstance).ThenBy(static contact => contact.Person.Id, StringComparer.Ordinal))
        {
            var locked = await _persons.FindAndLockAsync(connection, contact.Person);
            changes.Add(new(locked, context.Transitions.ApplyContact(locked?.State, contact)));
        }

        return new(changes, _persons);
    }

    /// <summary>Locks a person and closes its callback on behalf of the host.</summary>
    public async Task<PersonChanges> CloseAsync(NpgsqlConnection connection, CallbackCloseRequest request)
    {
        var locked = await _persons.FindAndLockAsync(connection, request.Person);
        return new([new(locked, context.Transitions.CloseCallback(locked?.State, request))], _persons);
    }

    /// <summary>Creates the commands that record the person of a call that was written; none when it has not changed.</summary>
    /// <param name="before">The call as it was; null for a new call.</param>
    /// <param name="after">The call.</param>
    public IEnumerable<NpgsqlBatchCommand> Link(CallState? before, CallState after)
    {
        if (ReferenceEquals(before?.History, after.History))
        {
            return [];
        }

        var (personBefore, person) = (before is null ? null : context.Transitions.FindPerson(before), context.Transitions.FindPerson(after));
        return person == personBefore ? [] : [person is null ? _persons.Unlink(after.History.Key) : _persons.Link(after.History.Key, person, context.Time.GetUtcNow())];
    }
}

/// <summary>The change of one person.</summary>
/// <param name="Locked">The row; null when there is none.</param>
/// <param name="Transition">The change.</param>
internal sealed record PersonChange(LockedPerson? Locked, PersonTransition Transition);

/// <summary>The changes of persons in a transaction.</summary>
internal sealed class PersonChanges
{
    public static readonly PersonChanges None = new([], null!);

    private readonly NpgsqlBatchCommand[] _inserts;

    public PersonChanges(IReadOnlyList<PersonChange> changes, PersonTable persons)
    {
        _inserts = [.. changes.Where(static change => change is { Locked: null, Transition.IsChange: true }).Select(change => persons.Insert(change.Transition.State!))];
        var updates = changes.Where(static change => change is { Locked: not null, Transition.IsChange: true }).Select(change => persons.Update(change.Locked!.Id, change.Transition.State!));
        Commands = [.. _inserts, .. updates];
        Closed = [.. changes.Select(static change => change.Transition.Closed).OfType<ClosedCallback>()];
    }

    /// <summary>The commands that write the persons.</summary>
    public IReadOnlyList<NpgsqlBatchCommand> Commands { get; }

    /// <summary>The callbacks that the changes have closed.</summary>
    public IReadOnlyList<ClosedCallback> Closed { get; }

    /// <summary>Whether the transaction must look at the results of the commands, or write more, before it is committed.</summary>
    public bool NeedsOwnCommit => _inserts.Length > 0 || Closed.Count > 0;

    /// <summary>Whether another transaction has inserted a person, after the commands were executed.</summary>
    public bool HasConflict => _inserts.Any(static insert => insert.RecordsAffected == 0);
}
