using System.Text;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.StoredItems;

/// <summary>
/// Numbered items that are stored until an operator replays or purges them: an index that is written as a whole, and a document for each item.
/// Ids grow with time and are never reused. Use it only in the turns of one grain.
/// </summary>
/// <param name="state">The index.</param>
/// <param name="documents">The items.</param>
/// <param name="attachments">The parts of items that are too large to be listed; null for items without attachments.</param>
/// <param name="limits">The limits of the collection.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger of failures that are retried.</param>
internal sealed class StoredItemCollection(
    BatchedStateWriter<StoredItemIndex> state, StoredItemDocumentStore documents, StoredItemDocumentStore? attachments, StoredItemLimits limits, TimeProvider time, ILogger logger)
{
    /// <summary>The number of documents that are read or written concurrently.</summary>
    private const int MaxConcurrency = 16;

    /// <summary>The items whose replay is in progress.</summary>
    private readonly HashSet<long> _replayingIds = [];

    private long _lastId;
    private Task _replaying = Task.CompletedTask;

    /// <summary>
    /// Whether an item is not listed while its replay is in progress. Required when the receiver of the item may process it before the index is
    /// written.
    /// </summary>
    public bool HidesReplayingItems { get; init; }

    public int Count => state.Current.Items.Keys.Count(IsListed);

    /// <summary>Stores an item and replaces an earlier one with the same subject.</summary>
    /// <returns>A task whose result is the number of oldest items that were deleted because of the limits.</returns>
    public async Task<int> PutAsync(byte[] document, int size, long? idInstance, string? subject = null, byte[]? attachment = null)
    {
        var id = NextId();
        if (attachment is not null)
        {
            await attachments!.WriteAsync(id, attachment);
        }

        await documents.WriteAsync(id, document);
        long[] replaced = [], dropped = [];
        await state.ApplyAsync(index =>
        {
            var items = index.Items;
            replaced = subject is null ? [] : [.. items.Where(item => item.Value.Subject == subject).Select(item => item.Key)];
            items = items.RemoveRange(replaced).Add(id, new() { Size = size, IdInstance = idInstance, Subject = subject });
            dropped = [.. limits.FindSurplus(items)];
            return index with { Items = items.RemoveRange(dropped) };
        });
        await DeleteAsync([.. replaced, .. dropped]);
        return dropped.Length;
    }

    /// <summary>Deletes the items that are older than their retention.</summary>
    /// <returns>A task whose result is the number of deleted items.</returns>
    public async Task<int> DeleteExpiredAsync()
    {
        long[] expired = [];
        if (!FindExpired(state.Current).Any())
        {
            return 0;
        }

        try
        {
            await state.ApplyAsync(index =>
            {
                expired = [.. FindExpired(index)];
                return index with { Items = index.Items.RemoveRange(expired) };
            });
        }
        catch (Exception e)
        {
            // The next timer tick retries.
            logger.GrainUnreachable(nameof(StoredItemCollection), e);
            return 0;
        }

        await DeleteAsync(expired);
        return expired.Length;
    }

    /// <summary>Gets the items after an id, oldest first.</summary>
    public async Task<StoredItem[]> ListAsync(int limit, long after)
    {
        List<StoredItem> page = [];
        foreach (var items in state.Current.Items.Where(item => item.Key > after && IsListed(item.Key)).Take(limit).Chunk(MaxConcurrency))
        {
            var read = await Task.WhenAll(items.Select(async item => (item.Key, item.Value, Document: await documents.ReadAsync(item.Key))));
            page.AddRange(read
                .Where(item => item.Document is not null && IsListed(item.Key))
                .Select(item => new StoredItem { Id = item.Key, Document = item.Document!, IsReplayRequested = item.Value.IsReplayRequested }));
        }

        return [.. page];
    }

    /// <summary>Reads the attachment of an item; null when the item does not exist.</summary>
    public Task<byte[]?> ReadAttachmentAsync(long id) =>
        state.Current.Items.ContainsKey(id) ? attachments!.ReadAsync(id) : Task.FromResult<byte[]?>(null);

    /// <summary>Deletes items, and records the action in the same write.</summary>
    /// <param name="ids">The items; null for all.</param>
    /// <param name="action">The action.</param>
    /// <returns>A task whose result is the number of deleted items.</returns>
    public async Task<int> PurgeAsync(long[]? ids, AdministrationLogEntry action)
    {
        long[] purged = [];
        await state.ApplyAsync(index =>
        {
            purged = SelectIds(index, ids);
            return purged.Length == 0 ? index : index with { Items = index.Items.RemoveRange(purged), Log = AdministrationLog.Add(index.Log, action, purged.Length, time) };
        });
        await DeleteAsync(purged);
        return purged.Length;
    }

    /// <summary>Deletes items without recording it, and the actions whose text contains the erased person.</summary>
    /// <param name="ids">The items.</param>
    /// <param name="report">The report of the erasure.</param>
    public async Task<ErasedItems> EraseAsync(long[] ids, ErasureReport report)
    {
        var subject = ErasedSubject.ForReport(report);
        // First, since a document that is no longer in the index is not found again.
        foreach (var batch in ids.Chunk(MaxConcurrency))
        {
            await Task.WhenAll(batch.Select(documents.DeleteAsync).Concat(attachments is null ? [] : batch.Select(attachments.DeleteAsync)));
        }

        long[] erased = [];
        var logEntries = 0;
        await state.ApplyAsync(index =>
        {
            erased = [.. ids.Where(index.Items.ContainsKey)];
            var log = index.Log?.RemoveAll(entry => subject.CoversText(idInstance: null, Encoding.UTF8.GetBytes(entry.GetProperty("filter").GetRawText())));
            logEntries = (index.Log?.Count ?? 0) - (log?.Count ?? 0);
            return erased.Length + logEntries == 0 ? index : index with { Items = index.Items.RemoveRange(erased), Log = log };
        });
        return new() { Items = erased.Length, LogEntries = logEntries };
    }

    /// <summary>Requests the replay of items, and records the action in the same write.</summary>
    /// <param name="ids">The items; null for all.</param>
    /// <param name="action">The action.</param>
    /// <returns>A task whose result is the number of items that will be replayed.</returns>
    public async Task<int> RequestReplayAsync(long[]? ids, AdministrationLogEntry action)
    {
        var requested = 0;
        await state.ApplyAsync(index =>
        {
            var chosen = SelectIds(index, ids);
            requested = chosen.Length;
            var marked = chosen.Where(item => !index.Items[item].IsReplayRequested)
                .Select(item => KeyValuePair.Create(item, index.Items[item] with { IsReplayRequested = true }));
            return requested == 0 ? index : index with { Items = index.Items.SetItems(marked), Log = AdministrationLog.Add(index.Log, action, requested, time) };
        });
        return requested;
    }

    /// <summary>Gets the newest actions, newest first.</summary>
    public IEnumerable<AdministrationLogEntry> GetLog(int limit) => AdministrationLog.Read(state.Current.Log, limit);

    /// <summary>Replays the requested items.</summary>
    /// <param name="replay">Replays an item, given its attachment or, without one, its document. The item is stored by the receiver when the task completes.</param>
    /// <returns>A task that completes when each requested item is replayed or has failed; failed items are replayed later.</returns>
    public Task ReplayAsync(Func<byte[], Task> replay)
    {
        if (_replaying.IsCompleted)
        {
            _replaying = ReplayRequestedAsync(replay);
        }

        return _replaying;
    }

    /// <summary>Waits for the replays in progress.</summary>
    public Task WaitUntilReplayedAsync() => _replaying;

    private long NextId()
    {
        var last = Math.Max(_lastId, state.Current.Items.IsEmpty ? 0 : state.Current.Items.Keys.Last());
        return _lastId = StoredItemLimits.CreateId(time.GetUtcNow(), last);
    }

    private IEnumerable<long> FindExpired(StoredItemIndex index) => limits.FindExpired(index.Items, time.GetUtcNow()).Where(id => !_replayingIds.Contains(id));

    private bool IsListed(long id) => !HidesReplayingItems || !_replayingIds.Contains(id);

    private async Task ReplayRequestedAsync(Func<byte[], Task> replay)
    {
        foreach (var ids in state.Current.Items.Where(item => item.Value.IsReplayRequested).Select(item => item.Key).Chunk(MaxConcurrency))
        {
            await Task.WhenAll(ids.Select(id => ReplayRequestedAsync(id, replay)));
        }
    }

    private async Task ReplayRequestedAsync(long id, Func<byte[], Task> replay)
    {
        if (!state.Current.Items.ContainsKey(id))
        {
            return;
        }

        _replayingIds.Add(id);
        try
        {
            if (await (attachments ?? documents).ReadAsync(id) is { } item)
            {
                await replay(item);
            }

            await state.ApplyAsync(index => index with { Items = index.Items.Remove(id) });
            await DeleteAsync([id]);
        }
        catch (Exception e)
        {
            // The request remains stored, and the replay is retried.
            logger.GrainUnreachable(nameof(StoredItemCollection), e);
        }
        finally
        {
            _replayingIds.Remove(id);
        }
    }

    private long[] SelectIds(StoredItemIndex index, long[]? ids) => [.. (ids?.Where(index.Items.ContainsKey) ?? index.Items.Keys).Where(IsListed)];

    /// <summary>Deletes documents that were removed from the index. A document that cannot be deleted only takes space.</summary>
    private async Task DeleteAsync(long[] ids)
    {
        foreach (var batch in ids.Chunk(MaxConcurrency))
        {
            try
            {
                await Task.WhenAll(batch.Select(documents.DeleteAsync).Concat(attachments is null ? [] : batch.Select(attachments.DeleteAsync)));
            }
            catch (Exception e)
            {
                logger.GrainUnreachable(nameof(StoredItemCollection), e);
            }
        }
    }
}
