using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.WakeUps;

namespace IncomingCalls.Orleans.Inbox;

/// <summary>The administration of the inbox of the cluster, available on every node.</summary>
internal sealed class OrleansInboxAdministration(OrleansInbox inbox) : ICallInboxAdministration
{
    private const int MaxPageSize = 1000;

    /// <inheritdoc/>
    public async ValueTask<InboxStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default)
    {
        var deadLetters = inbox.InvokeAsync(grains => grains.GetGrain<IDeadLettersGrain>(0).CountAsync(), cancellationToken);
        var quarantined = inbox.InvokeAsync(grains => grains.GetGrain<IQuarantineGrain>(0).CountAsync(), cancellationToken);
        var buckets = await inbox.InvokeAsync(
            grains => Task.WhenAll(Enumerable.Range(0, WakeUpBuckets.Count).Select(bucket => grains.GetGrain<IWakeUpBucketGrain>(bucket).GetStatisticsAsync())), cancellationToken);
        return new()
        {
            Depth = buckets.Sum(bucket => bucket.PendingCount),
            WaitingSince = buckets.Min(bucket => bucket.OldestPendingAt),
            DeadLetters = await deadLetters,
            Quarantined = await quarantined,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(int limit = 100, long after = 0, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        var page = await inbox.InvokeAsync(grains => grains.GetGrain<IDeadLettersGrain>(0).ListAsync(limit, after), cancellationToken);
        return [.. page.Select(ToDeadLetter)];
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReplayDeadLettersAsync(long? id = null, CancellationToken cancellationToken = default) =>
        await inbox.InvokeAsync(grains => grains.GetGrain<IDeadLettersGrain>(0).ReplayAsync(id), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> PurgeDeadLettersAsync(long? id = null, CancellationToken cancellationToken = default) =>
        await inbox.InvokeAsync(grains => grains.GetGrain<IDeadLettersGrain>(0).PurgeAsync(id), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<QuarantineItem>> ListQuarantineAsync(int limit = 100, long after = 0, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        var page = await inbox.InvokeAsync(grains => grains.GetGrain<IQuarantineGrain>(0).ListAsync(limit, after), cancellationToken);
        return [.. page.Select(ToQuarantineItem)];
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadQuarantinedAsync(long id, CancellationToken cancellationToken = default)
    {
        var bytes = await inbox.InvokeAsync(grains => grains.GetGrain<IQuarantineGrain>(0).ReadAsync(id), cancellationToken);
        // A null array would convert to empty memory, but null means that there is no such item.
        return bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReplayQuarantineAsync(long? id = null, CancellationToken cancellationToken = default) =>
        await inbox.InvokeAsync(grains => grains.GetGrain<IQuarantineGrain>(0).ReplayAsync(id), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> PurgeQuarantineAsync(long? id = null, CancellationToken cancellationToken = default) =>
        await inbox.InvokeAsync(grains => grains.GetGrain<IQuarantineGrain>(0).PurgeAsync(id), cancellationToken);

    private static void ValidateLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPageSize);
    }

    private static DeadLetter ToDeadLetter(StoredItem item)
    {
        var letter = new JsonPayload { Utf8Json = item.Document }.ToModel<DeadLetterEntry>();
        return new()
        {
            Id = item.Id,
            EventId = letter.Event.Id,
            Call = letter.Event.Call,
            Kind = letter.Event.Kind,
            Handler = letter.Handler,
            Attempts = letter.Attempts,
            Error = letter.Error,
            OccurredAt = letter.Event.OccurredAt,
            FailedAt = letter.FailedAt,
            IsReplayRequested = item.IsReplayRequested,
        };
    }

    private static QuarantineItem ToQuarantineItem(StoredItem item)
    {
        var document = JsonSerializer.Deserialize(item.Document, StoredStateJsonContext.Default.QuarantineDocument)!;
        return new()
        {
            Id = item.Id,
            Reason = document.Reason,
            Explanation = document.Explanation,
            Length = document.Length,
            Sha256 = document.Sha256,
            IdInstance = document.IdInstance,
            ReceivedAt = document.ReceivedAt,
            IsReplayRequested = item.IsReplayRequested,
        };
    }
}
