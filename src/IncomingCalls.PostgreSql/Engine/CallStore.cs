using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// Changes calls in one transaction each: the row of the call and its new deliveries. Of the deliveries that exist it touches only those that wait for their settle time, and
/// none that is locked, so it waits for no handler.
/// </summary>
internal sealed class CallStore(InboxContext context)
{
    private readonly CallTable _calls = new(context.Database.Schema);
    private readonly DeliveryTable _deliveries = new(context.Database.Schema);
    private readonly PersonStore _persons = new(context);

    /// <summary>Applies a notification to its call.</summary>
    /// <returns>The transition, and the deliveries that it has added.</returns>
    public Task<CallChange> AcceptAsync(ReceivedCallNotification received)
    {
        var notification = received.Notification;
        // A second time it is a duplicate; the deliveries of the first one are then found by a look.
        return context.Database.Accepting.RunWithNewSessionsAsync(
            () => ChangeAsync(new(notification.Instance.IdInstance, notification.IdMessage), call => context.Transitions.Accept(call, received)));
    }

    /// <summary>Makes a dead letter a pending delivery, and deletes it.</summary>
    /// <param name="letter">The dead letter.</param>
    /// <param name="tryDelete">Deletes it; returns false when another node has replayed it, and then nothing is changed.</param>
    public Task<CallChange> ReplayAsync(DeadLetterEntry letter, Func<NpgsqlConnection, Task<bool>> tryDelete) =>
        ChangeAsync(letter.Event.Call, call => context.Transitions.Replay(call, letter), tryDelete);

    /// <summary>Resolves the missing outcome of a call, unless another node does so.</summary>
    public async Task<CallChange?> TryResolveOutcomeAsync(long id, CallDecision? decision)
    {
        await using var connection = await context.Database.Other.OpenConnectionAsync();
        await using var transaction = await context.Database.Other.BeginTransactionAsync(connection);
        LockedCall? locked;
        try
        {
            locked = await _calls.TryLockDueAsync(connection, id, context.Time.GetUtcNow(), CancellationToken.None);
        }
        catch (UnreadableCallException e)
        {
            await _calls.EndOutcomeTimeoutAsync(connection, id, CancellationToken.None);
            await transaction.CommitAsync();
            context.Logger.CallUnreadable(id, e.GetType().Name);
            return null;
        }

        if (locked is null)
        {
            return null;
        }

        var transition = context.Transitions.ResolveOutcome(locked.State, decision);
        return new(transition, (await TryWriteAsync(connection, locked, transition.State, transition.NewEvent, commits: true, replaced: [], []))!, []);
    }

    private async Task<CallChange> ChangeAsync(CallKey key, Func<CallState?, StateTransition> apply, Func<NpgsqlConnection, Task<bool>>? tryAlso = null)
    {
        while (true)
        {
            var started = context.Metrics.GetTimestamp();
            await using var connection = await context.Database.Accepting.OpenConnectionAsync();
            await using var transaction = await context.Database.Accepting.BeginTransactionAsync(connection);
            var locked = await _calls.FindAndLockAsync(connection, key, CancellationToken.None);
            IReadOnlyList<SettlingDelivery> settling = locked is not null && context.Transitions.HasSettleTime
                ? await _deliveries.LockSettlingAsync(connection, locked.Id, context.Time.GetUtcNow())
                : [];
            var transition = apply(settling.Count == 0 ? locked?.State : locked!.State with { PendingEvents = [.. settling.Select(static delivery => delivery.Pending)] });
            if (!transition.IsChange)
            {
                return new(transition, [], []);
            }

            var pending = transition.NewEvent ?? (tryAlso is null ? null : transition.State.PendingEvents.Except(settling.Select(static delivery => delivery.Pending)).LastOrDefault());
            var replaced = settling.Where(delivery => !transition.State.PendingEvents.Contains(delivery.Pending)).Select(static delivery => delivery.Id);
            var persons = await _persons.ApplyAsync(connection, transition.Contacts);
            // A call that is inserted may be there already, and then its persons must not be written.
            var commits = tryAlso is null && !persons.NeedsOwnCommit && (locked is not null || persons.Commands.Count == 0);
            if (await TryWriteAsync(connection, locked, transition.State, pending, commits, replaced, persons.Commands) is not { } added
                || persons.HasConflict
                || await TryWriteClosingsAsync(connection, persons.Closed) is not { } closings)
            {
                // Another transaction has inserted the call or a person: apply the change to it.
                continue;
            }

            if (tryAlso is not null && !await tryAlso(connection))
            {
                return new(new() { State = transition.State, IsChange = false }, [], []);
            }

            if (!commits)
            {
                await transaction.CommitAsync();
            }

            context.Metrics.RecordCommit(started);
            return new(transition, added, closings);
        }
    }

    /// <summary>Closes the callback of a person on behalf of the host.</summary>
    /// <returns>Whether one was open, and its event if a handler receives it.</returns>
    public async Task<CallbackChange> CloseCallbackAsync(CallbackCloseRequest request)
    {
        while (true)
        {
            await using var connection = await context.Database.Accepting.OpenConnectionAsync();
            await using var transaction = await context.Database.Accepting.BeginTransactionAsync(connection);
            var persons = await _persons.CloseAsync(connection, request);
            if (persons.Commands.Count == 0)
            {
                return new(false, []);
            }

            await ExecuteAsync(connection, persons.Commands);
            if (!persons.HasConflict && await TryWriteClosingsAsync(connection, persons.Closed) is { } closings)
            {
                await transaction.CommitAsync();
                return new(persons.Closed.Count > 0, closings);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, IReadOnlyList<NpgsqlBatchCommand> commands)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Writes the events of closed callbacks, if a handler receives them; returns null when another transaction writes one.</summary>
    private async Task<IReadOnlyList<CallChange>?> TryWriteClosingsAsync(NpgsqlConnection connection, IReadOnlyList<ClosedCallback> closed)
    {
        List<CallChange> closings = [];
        foreach (var callback in closed)
        {
            var locked = await _calls.FindAndLockAsync(connection, CallTransitions.GetCallbackKey(callback), CancellationToken.None);
            if (context.Transitions.CreateCallbackEvent(locked?.State, callback) is { } transition)
            {
                if (await TryWriteAsync(connection, locked: null, transition.State, transition.NewEvent, commits: false, replaced: [], []) is not { } added)
                {
                    return null;
                }

                closings.Add(new(transition, added, []));
            }
        }

        return closings;
    }

    /// <summary>Writes a call and the deliveries of its new event; returns these, or null when the call was inserted by another transaction meanwhile.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="locked">The call as it was; null for a new call.</param>
    /// <param name="call">The call.</param>
    /// <param name="pending">The new event; null when there is none.</param>
    /// <param name="commits">Whether to commit with the same message to the server.</param>
    /// <param name="replaced">The locked deliveries that the new event replaces.</param>
    /// <param name="persons">The commands that write the persons of the call.</param>
    private async Task<IReadOnlyList<AddedDelivery>?> TryWriteAsync(
        NpgsqlConnection connection, LockedCall? locked, CallState call, PendingEvent? pending, bool commits, IEnumerable<long> replaced, IEnumerable<NpgsqlBatchCommand> persons)
    {
        await using var batch = new NpgsqlBatch(connection);
        var write = locked is null ? _calls.Insert(call) : _calls.Update(locked.Id, call);
        batch.BatchCommands.Add(write);
        foreach (var delivery in pending?.Deliveries ?? [])
        {
            batch.BatchCommands.Add(_deliveries.Insert(pending!, delivery));
        }

        foreach (var id in replaced)
        {
            batch.BatchCommands.Add(_deliveries.Delete(id));
        }

        // The persons first: what records the person of the call inserts one that is missing.
        foreach (var command in persons.Concat(_persons.Link(locked?.State, call)))
        {
            batch.BatchCommands.Add(command);
        }

        if (commits)
        {
            batch.BatchCommands.Add(new("COMMIT"));
        }

        List<AddedDelivery> added = [];
        await using (var row = await batch.ExecuteReaderAsync())
        {
            foreach (var delivery in pending?.Deliveries ?? [])
            {
                if (await row.ReadAsync())
                {
                    added.Add(new(new(row.GetInt64(0), LaneGroup.Of(pending!, delivery), delivery.IsNotifier), delivery));
                }

                await row.NextResultAsync();
            }
        }

        return write.RecordsAffected == 0 ? null : added;
    }
}

/// <summary>A committed change of a call.</summary>
/// <param name="Transition">The transition.</param>
/// <param name="Added">The new deliveries.</param>
/// <param name="Closings">The changes that the events of closed callbacks are.</param>
internal sealed record CallChange(StateTransition Transition, IReadOnlyList<AddedDelivery> Added, IReadOnlyList<CallChange> Closings);

/// <summary>The result of closing a callback on behalf of the host.</summary>
/// <param name="IsClosed">Whether one was open.</param>
/// <param name="Closings">Its event; empty when no handler receives it.</param>
internal sealed record CallbackChange(bool IsClosed, IReadOnlyList<CallChange> Closings);

/// <summary>A new delivery with its row.</summary>
/// <param name="Row">The row.</param>
/// <param name="Delivery">The delivery.</param>
internal sealed record AddedDelivery(DueDelivery Row, Delivery Delivery);
