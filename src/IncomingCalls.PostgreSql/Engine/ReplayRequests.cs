using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>Carries out the replays that operators have requested.</summary>
/// <param name="context">The dependencies.</param>
/// <param name="calls">The calls.</param>
/// <param name="onChanged">Receives the change of each replay.</param>
internal sealed class ReplayRequests(InboxContext context, CallStore calls, Action<CallChange> onChanged)
{
    private const int MaxNotifications = 10;

    private readonly DeadLetterTable _deadLetters = new(context.Database.Schema);
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
                onChanged(await calls.ReplayAsync(InboxJson.ReadDeadLetter(letter), connection => _deadLetters.TryDeleteAsync(connection, id)));
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

    private async Task ReplayQuarantineAsync(CancellationToken stopping)
    {
        for (var i = 0; i < MaxNotifications && await TryReplayNotificationAsync(stopping); i++)
        {
            // Until there is no further request.
        }
    }

    /// <summary>Replays one notification; returns false when there is none. If the process ends in between, it is replayed again, and then it is a duplicate.</summary>
    private async Task<bool> TryReplayNotificationAsync(CancellationToken stopping)
    {
        await using var connection = await context.Database.Other.OpenConnectionAsync(stopping);
        await using var transaction = await context.Database.Other.BeginTransactionAsync(connection, stopping);
        if (await _quarantine.TryLockReplayRequestedAsync(connection, stopping) is not var (id, bytes))
        {
            return false;
        }

        try
        {
            await context.Intake().AcceptAsync(bytes, stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            context.Logger.ReplayFailed(e);
            return false;
        }

        await _quarantine.DeleteAsync(connection, id);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }
}
