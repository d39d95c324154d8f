using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using Npgsql;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>Carries out the replays that operators have requested.</summary>
/// <param name="context">The dependencies.</param>
/// <param name="calls">The calls.</param>
/// <param name="onChanged">Receives the change of each replay.</param>
internal sealed class ReplayRequests(InboxContext context, CallStore calls, Action<CallChange> onChanged)
{
    private const int MaxNotifications = 10;

    private readonly DeadLetterTable _deadLetters = new(context.Database.Schema);
    private readonly HandlerValueTable _values = new(context.Database.Schema);
    private readonly QuarantineTable _quarantine = new(context.Database.Schema);

    public async Task RunAsync(CancellationToken stopping)
    {
        await ReplayDeadLettersAsync(stopping);
        await ReplayQuarantineAsync(stopping);
    }

    private async Task ReplayDeadLettersAsync(CancellationToken stopping)
    {
        IReadOnlyList<(long, byte[])> requested;
        await using (var connection = await context.Database.Other.OpenConnectionAsync(stopping))
        {
            requested = await _deadLetters.FindReplayRequestedAsync(connection, stopping);
        }

        foreach (var (id, letter) in requested)
        {
            try
            {
                var entry = InboxJson.ReadDeadLetter(letter);
                onChanged(await calls.ReplayAsync(entry, connection => TryTakeAsync(connection, id, entry)));
            }
            catch (Exception e) when (e is JsonException or UnreadableCallException)
            {
                // The request is withdrawn, so that it does not block the other replays. The letter remains.
                await using var connection = await context.Database.Other.OpenConnectionAsync(stopping);
                await _deadLetters.WithdrawReplayAsync(connection, id);
                context.Logger.DeadLetterUnreadable(id, e.GetType().Name);
            }
        }
    }

    /// <summary>Deletes a dead letter that is replayed, and renews the values that its handler has saved for the call; returns false when another node has replayed it.</summary>
    private async Task<bool> TryTakeAsync(NpgsqlConnection connection, long id, DeadLetterEntry letter)
    {
        if (!await _deadLetters.TryDeleteAsync(connection, id))
        {
            return false;
        }

        await _values.RenewAsync(connection, letter, context.Time.GetUtcNow());
        return true;
    }

    private async Task ReplayQuarantineAsync(CancellationToken stopping)
    {
        long? last = 0;
        for (var i = 0; i < MaxNotifications && last is not null; i++)
        {
            last = await TryReplayNotificationAsync(last.Value, stopping);
        }
    }

    /// <summary>
    /// Replays the first notification behind an id; returns its id, or null when there is none. If the process ends in between, it is replayed again, and then it is a
    /// duplicate. One that cannot be replayed remains, and does not block those behind it.
    /// </summary>
    private async Task<long?> TryReplayNotificationAsync(long after, CancellationToken stopping)
    {
        await using var connection = await context.Database.Other.OpenConnectionAsync(stopping);
        await using var transaction = await context.Database.Other.BeginTransactionAsync(connection, stopping);
        if (await _quarantine.TryLockReplayRequestedAsync(connection, after, stopping) is not var (id, bytes))
        {
            return null;
        }

        try
        {
            var result = await context.Intake().AcceptAsync(bytes, stopping);
            // A node that does not know the instance refuses it, and the notification must not be lost.
            await (result.Outcome == IntakeOutcome.Refused ? _quarantine.WithdrawReplayAsync(connection, id) : _quarantine.DeleteAsync(connection, id));
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            context.Logger.ReplayFailed(e);
        }

        return id;
    }
}
