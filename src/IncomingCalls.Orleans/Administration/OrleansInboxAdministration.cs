using System.Text.Json;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>The administration of the cluster's inbox, from any of its nodes.</summary>
internal sealed class OrleansInboxAdministration(OrleansInbox inbox) : ICallInboxAdministration
{
    private const int LongestPage = 1000;

    /// <inheritdoc/>
    public async ValueTask<InboxStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default)
    {
        var deadLetters = inbox.CallAsync(grains => grains.GetGrain<IDeadLettersGrain>(0).CountAsync(), cancellationToken);
        var quarantined = inbox.CallAsync(grains => grains.GetGrain<IQuarantineGrain>(0).CountAsync(), cancellationToken);
        var buckets = await inbox.CallAsync(
            grains => Task.WhenAll(Enumerable.Range(0, DueBuckets.Count).Select(bucket => grains.GetGrain<IDueCallsGrain>(bucket).CountAsync())), cancellationToken);
        return new()
        {
            Depth = buckets.Sum(bucket => bucket.Owed),
            WaitingSince = buckets.Min(bucket => bucket.Since),
            DeadLetters = await deadLetters,
            Quarantined = await quarantined,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(int limit = 100, long after = 0, CancellationToken cancellationToken = default)
    {
        Check(limit);
        var page = await inbox.CallAsync(grains => grains.GetGrain<IDeadLettersGrain>(0).ListAsync(limit, after), cancellationToken);
        return [.. page.Select(ToDeadLetter)];
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReplayDeadLettersAsync(long? id = null, CancellationToken cancellationToken = default) =>
        await inbox.CallAsync(grains => grains.GetGrain<IDeadLettersGrain>(0).ReplayAsync(id), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> PurgeDeadLettersAsync(long? id = null, CancellationToken cancellationToken = default) =>
        await inbox.CallAsync(grains => grains.GetGrain<IDeadLettersGrain>(0).PurgeAsync(id), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<QuarantineItem>> ListQuarantineAsync(int limit = 100, long after = 0, CancellationToken cancellationToken = default)
    {
        Check(limit);
        var page = await inbox.CallAsync(grains => grains.GetGrain<IQuarantineGrain>(0).ListAsync(limit, after), cancellationToken);
        return [.. page.Select(ToQuarantineItem)];
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadQuarantinedAsync(long id, CancellationToken cancellationToken = default)
    {
        var bytes = await inbox.CallAsync(grains => grains.GetGrain<IQuarantineGrain>(0).ReadAsync(id), cancellationToken);
        // No array converts to no bytes, which is something else than no item.
        return bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReplayQuarantineAsync(long? id = null, CancellationToken cancellationToken = default) =>
        await inbox.CallAsync(grains => grains.GetGrain<IQuarantineGrain>(0).ReplayAsync(id), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> PurgeQuarantineAsync(long? id = null, CancellationToken cancellationToken = default) =>
        await inbox.CallAsync(grains => grains.GetGrain<IQuarantineGrain>(0).PurgeAsync(id), cancellationToken);

    private static void Check(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LongestPage);
    }

    private static DeadLetter ToDeadLetter(ShelfItem item)
    {
        var letter = new WireForm { Utf8Json = item.Document }.Read<DeadEvent>();
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

    private static QuarantineItem ToQuarantineItem(ShelfItem item)
    {
        var document = JsonSerializer.Deserialize(item.Document, DocumentContext.Default.QuarantineDocument)!;
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
