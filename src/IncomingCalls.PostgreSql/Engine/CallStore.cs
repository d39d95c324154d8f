using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// Changes calls in one transaction each: the row of the call and its new deliveries. Of the deliveries that exist it touches only those that wait for their settle time or for the
/// journal, and none that is locked, so it waits for no handler.
/// </summary>
internal sealed class CallStore(InboxContext context)
{
    /// <summary>Longer than the journals of the instances take to answer, which are asked together.</summary>
    private static readonly TimeSpan TakenFor = TimeSpan.FromMinutes(2);

    private readonly CallTable _calls = new(context.Database.Schema);
    private readonly DeliveryTable _deliveries = new(context.Database.Schema);
    private readonly ErasureTable _erasures = new(context.Database.Schema);
    private readonly PersonStore _persons = new(context);

    /// <summary>Applies a notification to its call.</summary>
    /// <returns>The transition, and the deliveries that it has added.</returns>
    public Task<CallChange> AcceptAsync(ReceivedCallNotification received)
    {
        var notification = received.Notification;
        // A second time it is a duplicate; the deliveries of the first one are then found by a look.
        return context.Database.Accepting.RunWithNewSessionsAsync(
            () => ChangeAsync(new(notification.Instance.IdInstance, notification.IdMessage), (call, erasures) => context.Transitions.Accept(call, received, erasures), received));
    }

    /// <summary>Makes a dead letter a pending delivery, and deletes it.</summary>
    /// <param name="letter">The dead letter.</param>
    /// <param name="tryDelete">Deletes it; returns false when another node has replayed it, and then nothing is changed.</param>
    public Task<CallChange> ReplayAsync(DeadLetterEntry letter, Func<NpgsqlConnection, Task<bool>> tryDelete) =>
        ChangeAsync(letter.Event.Call, (call, _) => context.Transitions.Replay(call, letter), tryAlso: tryDelete);

    /// <summary>
    /// Takes a call to ask the journal for its outcome, unless another node does so: no other node finds it for a time in which the journal answers. The row is not locked meanwhile.
    /// </summary>
    /// <returns>The call; null when there is nothing to ask.</returns>
    public async Task<CallState?> TryTakeOutcomeAsync(long id)
    {
        await using var connection = await context.Database.Other.OpenConnectionAsync();
        await using var transaction = await context.Database.Other.BeginTransactionAsync(connection);
        if (await TryLockDueAsync(connection, transaction, id, context.Time.GetUtcNow()) is not { } locked)
        {
            return null;
        }

        await _calls.PostponeOutcomeAsync(connection, id, context.Time.GetUtcNow() + TakenFor, CancellationToken.None);
        await transaction.CommitAsync();
        return locked.State;
    }

    /// <summary>Resolves the missing outcome of a call, unless another node does so.</summary>
    /// <param name="id">The id of the row of the call.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="isTaken">Whether the call was taken with <see cref="TryTakeOutcomeAsync"/>.</param>
    public async Task<CallChange?> TryResolveOutcomeAsync(long id, OutcomeAnswer answer, bool isTaken)
    {
        await using var connection = await context.Database.Other.OpenConnectionAsync();
        await using var transaction = await context.Database.Other.BeginTransactionAsync(connection);
        if (await TryLockDueAsync(connection, transaction, id, context.Time.GetUtcNow() + (isTaken ? TakenFor : TimeSpan.Zero)) is not { } locked)
        {
            return null;
        }

        var waiting = context.Transitions.MayEndWaits(locked.State) ? await _deliveries.LockWaitingAsync(connection, id, context.Time.GetUtcNow()) : [];
        var transition = context.Transitions.ResolveOutcome(WithWaiting(locked.State, waiting), answer);
        var persons = await _persons.ApplyAsync(connection, transition.Contacts);
        var added = await TryWriteAsync(connection, locked, transition.State, transition.NewEvent, commits: !persons.NeedsOwnCommit, waiting, persons.Commands);
        if (!persons.NeedsOwnCommit)
        {
            return new(transition, added!, []);
        }

        if (persons.HasConflict || await TryWriteClosingsAsync(connection, persons.Closed) is not { } closings)
        {
            // Another transaction writes the person. The outcome stays due, and a later look finds it.
            return null;
        }

        await transaction.CommitAsync();
        return new(transition, added!, closings);
    }

    private async Task<LockedCall?> TryLockDueAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long id, DateTimeOffset dueBy)
    {
        try
        {
            return await _calls.TryLockDueAsync(connection, id, dueBy, CancellationToken.None);
        }
        catch (UnreadableCallException e)
        {
            await _calls.EndOutcomeTimeoutAsync(connection, id, CancellationToken.None);
            await transaction.CommitAsync();
            context.Logger.CallUnreadable(id, e.GetType().Name);
            return null;
        }
    }

    private async Task<CallChange> ChangeAsync(
        CallKey key, Func<CallState?, ErasureList, StateTransition> apply, ReceivedCallNotification? received = null, Func<NpgsqlConnection, Task<bool>>? tryAlso = null)
    {
        while (true)
        {
            var started = context.Metrics.GetTimestamp();
            await using var connection = await context.Database.Accepting.OpenConnectionAsync();
            await using var transaction = await context.Database.Accepting.BeginTransactionAsync(connection);
            var (locked, erasures) = await FindAndLockAsync(connection, key, received);
            IReadOnlyList<WaitingDelivery> waiting = locked is not null && context.Transitions.MayEndWaits(locked.State)
                ? await _deliveries.LockWaitingAsync(connection, locked.Id, context.Time.GetUtcNow())
                : [];
            var transition = apply(locked is null ? null : WithWaiting(locked.State, waiting), erasures);
            if (!transition.IsChange)
            {
                return new(transition, [], []);
            }

            var pending = transition.NewEvent ?? (tryAlso is null ? null : transition.State.PendingEvents.Except(waiting.Select(static delivery => delivery.Pending)).LastOrDefault());
            var persons = await _persons.ApplyAsync(connection, transition.Contacts);
            // A call that is inserted may be there already, and then its persons must not be written.
            var commits = tryAlso is null && !persons.NeedsOwnCommit && (locked is not null || persons.Commands.Count == 0);
            if (await TryWriteAsync(connection, locked, transition.State, pending, commits, waiting, persons.Commands) is not { } added
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

    /// <summary>
    /// Finds a call and locks its row, and before that the erasures that may discard a notification. A replay needs none: an erasure deletes the dead letter, without which it is rolled back.
    /// </summary>
    private async Task<(LockedCall? Call, ErasureList Erasures)> FindAndLockAsync(NpgsqlConnection connection, CallKey key, ReceivedCallNotification? received)
    {
        if (received is null)
        {
            return (await _calls.FindAndLockAsync(connection, key, CancellationToken.None), ErasureList.Empty);
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in _erasures.FindAfter(ErasureList.GetTime(received)))
        {
            batch.BatchCommands.Add(command);
        }

        batch.BatchCommands.Add(_calls.FindAndLock(key));
        await using var row = await batch.ExecuteReaderAsync();
        var erasures = await ErasureTable.ReadAsync(row, CancellationToken.None);
        return (await CallTable.ReadLockedAsync(row, key, CancellationToken.None), erasures);
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
                if (await TryWriteAsync(connection, locked: null, transition.State, transition.NewEvent, commits: false, waiting: [], []) is not { } added)
                {
                    return null;
                }

                closings.Add(new(transition, added, []));
            }
        }

        return closings;
    }

    private static CallState WithWaiting(CallState call, IReadOnlyList<WaitingDelivery> waiting) =>
        waiting.Count == 0 ? call : call with { PendingEvents = [.. waiting.Select(static delivery => delivery.Pending)] };

    /// <summary>Writes a call and the deliveries of its new event; returns these with the released ones, or null when the call was inserted by another transaction meanwhile.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="locked">The call as it was; null for a new call.</param>
    /// <param name="call">The call.</param>
    /// <param name="pending">The new event; null when there is none.</param>
    /// <param name="commits">Whether to commit with the same message to the server.</param>
    /// <param name="waiting">The locked deliveries that waited, and which the change may have replaced or released.</param>
    /// <param name="persons">The commands that write the persons of the call.</param>
    private async Task<IReadOnlyList<AddedDelivery>?> TryWriteAsync(
        NpgsqlConnection connection, LockedCall? locked, CallState call, PendingEvent? pending, bool commits, IReadOnlyList<WaitingDelivery> waiting, IEnumerable<NpgsqlBatchCommand> persons)
    {
        await using var batch = new NpgsqlBatch(connection);
        var write = locked is null ? _calls.Insert(call) : _calls.Update(locked.Id, call);
        batch.BatchCommands.Add(write);
        foreach (var delivery in pending?.Deliveries ?? [])
        {
            batch.BatchCommands.Add(_deliveries.Insert(pending!, delivery));
        }

        List<AddedDelivery> released = [];
        foreach (var delivery in waiting)
        {
            if (Find(call, delivery) is not { } found)
            {
                batch.BatchCommands.Add(_deliveries.Delete(delivery.Id));
            }
            else if (found.WaitsFor != delivery.Delivery.WaitsFor)
            {
                batch.BatchCommands.Add(_deliveries.Release(delivery.Id, delivery.Pending, found));
                released.Add(new(new(delivery.Id, LaneGroup.Of(delivery.Pending, found), found.IsNotifier), found));
            }
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

        return write.RecordsAffected == 0 ? null : [.. added, .. released];
    }

    private static Delivery? Find(CallState call, WaitingDelivery waiting) =>
        call.PendingEvents.Where(pending => pending.Event.Id == waiting.Pending.Event.Id)
            .SelectMany(static pending => pending.Deliveries)
            .FirstOrDefault(delivery => delivery.HandlerName == waiting.Delivery.HandlerName);
}

/// <summary>A committed change of a call.</summary>
/// <param name="Transition">The transition.</param>
/// <param name="Added">The new deliveries, and those that no longer wait for the journal.</param>
/// <param name="Closings">The changes that the events of closed callbacks are.</param>
internal sealed record CallChange(StateTransition Transition, IReadOnlyList<AddedDelivery> Added, IReadOnlyList<CallChange> Closings);

/// <summary>The result of closing a callback on behalf of the host.</summary>
/// <param name="IsClosed">Whether one was open.</param>
/// <param name="Closings">Its event; empty when no handler receives it.</param>
internal sealed record CallbackChange(bool IsClosed, IReadOnlyList<CallChange> Closings);

/// <summary>A new or released delivery with its row.</summary>
/// <param name="Row">The row.</param>
/// <param name="Delivery">The delivery.</param>
internal sealed record AddedDelivery(DueDelivery Row, Delivery Delivery);
