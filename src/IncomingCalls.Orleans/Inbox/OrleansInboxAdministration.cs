using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.WakeUps;

namespace IncomingCalls.Orleans.Inbox;

/// <summary>The administration of the inbox of the cluster, available on every node.</summary>
internal sealed class OrleansInboxAdministration(OrleansInbox inbox, TimeProvider time) : ICallInboxAdministration
{
    private const int MaxPageSize = 1000;

    /// <inheritdoc/>
    public async ValueTask<InboxStatistics> GetStatisticsAsync(CancellationToken cancellationToken = default)
    {
        var deadLetters = inbox.InvokeAsync(grains => grains.GetGrain<IDeadLettersGrain>(0).CountAsync(), cancellationToken);
        var quarantined = inbox.InvokeAsync(grains => grains.GetGrain<IQuarantineGrain>(0).CountAsync(), cancellationToken);
        var pauses = inbox.InvokeAsync(grains => grains.GetGrain<IDestinationsGrain>(0).ListPausesAsync(), cancellationToken);
        var buckets = await inbox.InvokeAsync(
            grains => Task.WhenAll(Enumerable.Range(0, WakeUpBuckets.Count).Select(bucket => grains.GetGrain<IWakeUpBucketGrain>(bucket).GetStatisticsAsync())), cancellationToken);
        return new()
        {
            Depth = buckets.Sum(bucket => bucket.PendingCount),
            WaitingSince = buckets.Min(bucket => bucket.OldestPendingAt),
            DeadLetters = await deadLetters,
            Quarantined = await quarantined,
            PausedDestinations = (await pauses).Length,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(int limit = 100, long after = 0, InboxFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        return await FindDeadLettersAsync(filter ?? new(), limit, after, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReplayDeadLettersAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default)
    {
        var request = AdministrationRequest.Create(AdministrationAction.ReplayDeadLetters, filter, performedBy);
        var ids = await FindDeadLetterIdsAsync(request.Filter, cancellationToken);
        return await inbox.InvokeAsync(grains => grains.GetGrain<IDeadLettersGrain>(0).ReplayAsync(ids, CreatePayload(request)), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<int> PurgeDeadLettersAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default)
    {
        var request = AdministrationRequest.Create(AdministrationAction.PurgeDeadLetters, filter, performedBy);
        var ids = await FindDeadLetterIdsAsync(request.Filter, cancellationToken);
        return await inbox.InvokeAsync(grains => grains.GetGrain<IDeadLettersGrain>(0).PurgeAsync(ids, CreatePayload(request)), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<QuarantineItem>> ListQuarantineAsync(int limit = 100, long after = 0, InboxFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        return await FindQuarantinedAsync(AdministrationRequest.RequireForQuarantine(filter), limit, after, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadQuarantinedAsync(long id, CancellationToken cancellationToken = default)
    {
        var bytes = await inbox.InvokeAsync(grains => grains.GetGrain<IQuarantineGrain>(0).ReadAsync(id), cancellationToken);
        // A null array would convert to empty memory, but null means that there is no such item.
        return bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReplayQuarantineAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default)
    {
        var request = AdministrationRequest.Create(AdministrationAction.ReplayQuarantine, filter, performedBy);
        var ids = await FindQuarantinedIdsAsync(request.Filter, cancellationToken);
        return await inbox.InvokeAsync(grains => grains.GetGrain<IQuarantineGrain>(0).ReplayAsync(ids, CreatePayload(request)), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<int> PurgeQuarantineAsync(InboxFilter? filter = null, string? performedBy = null, CancellationToken cancellationToken = default)
    {
        var request = AdministrationRequest.Create(AdministrationAction.PurgeQuarantine, filter, performedBy);
        var ids = await FindQuarantinedIdsAsync(request.Filter, cancellationToken);
        return await inbox.InvokeAsync(grains => grains.GetGrain<IQuarantineGrain>(0).PurgeAsync(ids, CreatePayload(request)), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DestinationPause>> ListPausesAsync(CancellationToken cancellationToken = default)
    {
        var pauses = await inbox.InvokeAsync(grains => grains.GetGrain<IDestinationsGrain>(0).ListPausesAsync(), cancellationToken);
        return [.. pauses.Select(static pause => pause.ToModel<DestinationPause>())];
    }

    /// <inheritdoc/>
    public async ValueTask<int> EndPausesAsync(string? handler = null, string? destination = null, string? performedBy = null, CancellationToken cancellationToken = default)
    {
        var request = AdministrationRequest.Create(AdministrationAction.EndPauses, new() { Handler = handler, Destination = destination }, performedBy);
        return await inbox.InvokeAsync(grains => grains.GetGrain<IDestinationsGrain>(0).EndPausesAsync(CreatePayload(request)), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ErasureReport> EraseCallerAsync(string? account, ChatId caller, string? performedBy = null, CancellationToken cancellationToken = default) =>
        EraseAsync(ErasedSubject.ForCaller(account, caller, performedBy, time.GetUtcNow()), caller.Value, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ErasureReport> EraseInstanceAsync(long idInstance, string? performedBy = null, CancellationToken cancellationToken = default) =>
        EraseAsync(ErasedSubject.ForInstance(idInstance, performedBy, time.GetUtcNow()), chatId: null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ErasureReport> RepeatErasureAsync(ErasureReport report, CancellationToken cancellationToken = default) =>
        ErasedSubject.ForReport(report) is { Report.IdInstance: not null } subject ? EraseAsync(subject, chatId: null, cancellationToken)
        : throw new NotSupportedException("The Orleans inbox finds a person by the phone number, which the report does not contain. Call EraseCallerAsync again.");

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ErasureReport>> ListErasuresAsync(int limit = 100, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        return [.. (await inbox.InvokeAsync(grains => grains.GetGrain<IErasuresGrain>(0).ListAsync(limit), cancellationToken)).Select(static report => report.ToModel<ErasureReport>())];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AdministrationLogEntry>> ListAdministrationLogAsync(int limit = 100, CancellationToken cancellationToken = default)
    {
        ValidateLimit(limit);
        var logs = await inbox.InvokeAsync(
            grains => Task.WhenAll(
                grains.GetGrain<IDeadLettersGrain>(0).ListLogAsync(limit), grains.GetGrain<IQuarantineGrain>(0).ListLogAsync(limit), grains.GetGrain<IDestinationsGrain>(0).ListLogAsync(limit)),
            cancellationToken);
        return [.. logs.SelectMany(static log => log).Select(static entry => entry.ToModel<AdministrationLogEntry>()).OrderByDescending(static entry => entry.Id).Take(limit)];
    }

    private async ValueTask<ErasureReport> EraseAsync(ErasedSubject subject, string? chatId, CancellationToken cancellationToken) =>
        (await inbox.InvokeAsync(grains => grains.GetGrain<IErasuresGrain>(0).EraseAsync(JsonPayload.FromModel(subject.Report), chatId), cancellationToken)).ToModel<ErasureReport>();

    private static JsonPayload CreatePayload(AdministrationRequest request) => JsonPayload.FromModel(request.CreateLogEntry(id: 0, at: default, count: 0));

    /// <summary>Finds the ids of dead letters; null for all.</summary>
    private async Task<long[]?> FindDeadLetterIdsAsync(InboxFilter filter, CancellationToken cancellationToken) =>
        IsEmpty(filter) ? null : [.. (await FindDeadLettersAsync(filter, int.MaxValue, after: 0, cancellationToken)).Select(static letter => letter.Id)];

    /// <summary>Finds the ids of quarantined notifications; null for all.</summary>
    private async Task<long[]?> FindQuarantinedIdsAsync(InboxFilter filter, CancellationToken cancellationToken) =>
        IsEmpty(filter) ? null : [.. (await FindQuarantinedAsync(filter, int.MaxValue, after: 0, cancellationToken)).Select(static item => item.Id)];

    private static bool IsEmpty(InboxFilter filter) =>
        filter is { Id: null, IdInstance: null, Account: null, Handler: null, Kind: null, From: null, To: null, ErrorContains: null };

    private Task<IReadOnlyList<DeadLetter>> FindDeadLettersAsync(InboxFilter filter, int limit, long after, CancellationToken cancellationToken) =>
        FindAsync<IDeadLettersGrain, DeadLetter>(filter.Id, ToDeadLetter, static letter => letter.Id, filter.Matches, limit, after, cancellationToken);

    private Task<IReadOnlyList<QuarantineItem>> FindQuarantinedAsync(InboxFilter filter, int limit, long after, CancellationToken cancellationToken) =>
        FindAsync<IQuarantineGrain, QuarantineItem>(filter.Id, ToQuarantineItem, static item => item.Id, filter.Matches, limit, after, cancellationToken);

    /// <summary>Reads pages of documents, whose content the grain does not know, until enough of them match. Only one document is read if its id is known.</summary>
    private async Task<IReadOnlyList<TItem>> FindAsync<TGrain, TItem>(
        long? id, Func<StoredItem, TItem> read, Func<TItem, long> idOf, Func<TItem, bool> matches, int limit, long after, CancellationToken cancellationToken)
        where TGrain : IStoredItemsGrain
    {
        List<TItem> found = [];
        var (start, size) = id is { } only ? (Math.Max(after, only - 1), 1) : (after, Math.Min(limit, MaxPageSize));
        TItem[] page;
        do
        {
            page = [.. (await inbox.InvokeAsync(grains => grains.GetGrain<TGrain>(0).ListAsync(size, start), cancellationToken)).Select(read)];
            found.AddRange(page.Where(matches).Take(limit - found.Count));
            start = page.Length == 0 ? start : idOf(page[^1]);
        }
        // A page can be shorter than requested, because another node has deleted documents meanwhile.
        while (id is null && page.Length > 0 && found.Count < limit);
        return found;
    }

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
            Account = letter.Account,
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
