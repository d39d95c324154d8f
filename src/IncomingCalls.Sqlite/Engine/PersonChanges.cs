using IncomingCalls.Inbox;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>The changes of persons by one operation, with the events of the callbacks that they close.</summary>
internal sealed class PersonChanges(CallTransitions transitions)
{
    private readonly List<StateTransition> _events = [];

    /// <summary>Applies what a change of a call means for persons.</summary>
    public void Apply(InboxTransaction transaction, IReadOnlyList<PersonContact> contacts)
    {
        _events.Clear();
        foreach (var contact in contacts)
        {
            Write(transaction, transitions.ApplyContact(transaction.Persons.Find(contact.Person), contact));
        }
    }

    /// <summary>Closes the callback of a person; returns whether one was open.</summary>
    public bool Close(InboxTransaction transaction, CallbackCloseRequest request)
    {
        _events.Clear();
        var transition = transitions.CloseCallback(transaction.Persons.Find(request.Person), request);
        Write(transaction, transition);
        return transition.Closed is not null;
    }

    /// <summary>Reports the events. To be called once the transaction is committed.</summary>
    public void ReportCommitted() => _events.ForEach(transitions.ReportCommitted);

    private void Write(InboxTransaction transaction, PersonTransition transition)
    {
        if (transition is { IsChange: true, State: { } state })
        {
            transaction.Persons.Write(state);
        }

        if (transition.Closed is { } closed)
        {
            var call = transaction.Load(CallTransitions.GetCallbackKey(closed));
            if (transitions.CreateCallbackEvent(call.State, closed) is { } added)
            {
                call.Change(added.State);
                _events.Add(added);
            }
        }
    }
}

/// <summary>Closes the callback of a person on behalf of the host.</summary>
internal sealed class CloseCallbackOperation(CallbackCloseRequest request, CallTransitions transitions) : WriteOperation
{
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PersonChanges _changes = new(transitions);
    private bool _isClosed;

    /// <summary>Completes with whether a callback was open when the transaction is committed.</summary>
    public Task<bool> Result => _completion.Task;

    public override void Apply(InboxTransaction transaction) => _isClosed = _changes.Close(transaction, request);

    public override void OnCommitted()
    {
        _completion.SetResult(_isClosed);
        _changes.ReportCommitted();
    }

    public override void OnRolledBack(Exception reason) =>
        _completion.SetException(new CallInboxUnavailableException($"The inbox file cannot be written: {reason.Message}", reason));
}

/// <summary>Deletes states of persons that have expired, in small batches.</summary>
internal sealed class DeleteExpiredPersonsOperation(TimeProvider time, SqliteCallStore store) : WriteOperation
{
    /// <summary>The number of rows per transaction, so that other operations wait for one no longer than for a commit.</summary>
    private const int BatchSize = 100;

    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(25);

    private int _expired;

    public override void Apply(InboxTransaction transaction) => _expired = transaction.Persons.DeleteExpired(time.GetUtcNow(), BatchSize);

    public override void OnCommitted()
    {
        if (_expired == BatchSize)
        {
            store.PostLater(this, BatchDelay);
        }
    }
}
