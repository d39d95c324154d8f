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

        var waiting = isTaken ? await _deliveries.LockWaitingAsync(connection, id, context.Time.GetUtcNow()) : [];
        var transition = context.Transitions.ResolveOutcome(WithWaiting(locked.State, waiting), answer);
        return new(transition, (await TryWriteAsync(connection, locked, transition.State, transition.NewEvent, commits: true, waiting))!);
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

    private async Task<CallChange> ChangeAsync(CallKey key, Func<CallState?, StateTransition> apply, Func<NpgsqlConnection, Task<bool>>? tryAlso = null)
    {
        while (true)
        {
            var started = context.Metrics.GetTimestamp();
            await using var connection = await context.Database.Accepting.OpenConnectionAsync();
            await using var transaction = await context.Database.Accepting.BeginTransactionAsync(connection);
            var locked = await _calls.FindAndLockAsync(connection, key, CancellationToken.None);
            IReadOnlyList<WaitingDelivery> waiting = locked is not null && context.Transitions.HasSettleTime
                ? await _deliveries.LockWaitingAsync(connection, locked.Id, context.Time.GetUtcNow())
                : [];
            var transition = apply(locked is null ? null : WithWaiting(locked.State, waiting));
            if (!transition.IsChange)
            {
                return new(transition, []);
            }

            var pending = transition.NewEvent ?? (tryAlso is null ? null : transition.State.PendingEvents.Except(waiting.Select(static delivery => delivery.Pending)).LastOrDefault());
            if (await TryWriteAsync(connection, locked, transition.State, pending, commits: tryAlso is null, waiting) is not { } added)
            {
                // Another transaction has inserted the call: apply the change to it.
                continue;
            }

            if (tryAlso is not null)
            {
                if (!await tryAlso(connection))
                {
                    return new(new() { State = transition.State, IsChange = false }, []);
                }

                await transaction.CommitAsync();
            }

            context.Metrics.RecordCommit(started);
            return new(transition, added);
        }
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
    private async Task<IReadOnlyList<AddedDelivery>?> TryWriteAsync(
        NpgsqlConnection connection, LockedCall? locked, CallState call, PendingEvent? pending, bool commits, IReadOnlyList<WaitingDelivery> waiting)
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
internal sealed record CallChange(StateTransition Transition, IReadOnlyList<AddedDelivery> Added);

/// <summary>A new or released delivery with its row.</summary>
/// <param name="Row">The row.</param>
/// <param name="Delivery">The delivery.</param>
internal sealed record AddedDelivery(DueDelivery Row, Delivery Delivery);
