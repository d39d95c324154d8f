using System.Collections.Immutable;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using IncomingCalls.Orleans.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.StoredItems;

/// <summary>
/// Numbered items until an operator takes them away: an index that is written as a whole, and a document for each item. Numbers grow with
/// time and are never used twice. Belongs to the turns of one grain.
/// </summary>
/// <param name="writes">The index.</param>
/// <param name="documents">The items.</param>
/// <param name="attachments">What is too large to be listed; null where there is no such thing.</param>
/// <param name="limits">How much the shelf holds.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For what is tried again.</param>
internal sealed class StoredItemCollection(
    BatchedStateWriter<StoredItemIndex> writes, DocumentStore documents, DocumentStore? attachments, StoredItemLimits limits, TimeProvider time, ILogger logger)
{
    /// <summary>How many documents are read or written at the same time.</summary>
    private const int MaxConcurrency = 16;

    /// <summary>Items that are being given back, each once at a time.</summary>
    private readonly HashSet<long> _replayingIds = [];

    private long _lastId;
    private Task _replaying = Task.CompletedTask;

    /// <summary>
    /// Whether an item counts as gone from the moment when it is given back. So it has to be where whoever takes it may act on it before
    /// the index is written.
    /// </summary>
    public bool HidesReplayingItems { get; init; }

    public int Count => writes.Current.Items.Keys.Count(IsListed);

    /// <summary>Puts an item on the shelf, in the place of one about the same subject.</summary>
    /// <returns>How many of the oldest had to go for it.</returns>
    public async Task<int> PutAsync(byte[] document, int size, string? subject = null, byte[]? attachment = null)
    {
        var id = NextId();
        if (attachment is not null)
        {
            await attachments!.WriteAsync(id, attachment);
        }

        await documents.WriteAsync(id, document);
        long[] replaced = [], dropped = [];
        await writes.ApplyAsync(index =>
        {
            var items = index.Items;
            replaced = subject is null ? [] : [.. items.Where(item => item.Value.Subject == subject).Select(item => item.Key)];
            items = items.RemoveRange(replaced).Add(id, new() { Size = size, Subject = subject });
            dropped = [.. FindSurplus(items)];
            return index with { Items = items.RemoveRange(dropped) };
        });
        await DeleteAsync([.. replaced, .. dropped]);
        return dropped.Length;
    }

    /// <summary>The items after a number, oldest first.</summary>
    public async Task<StoredItem[]> ListAsync(int limit, long after)
    {
        List<StoredItem> page = [];
        foreach (var items in writes.Current.Items.Where(item => item.Key > after && IsListed(item.Key)).Take(limit).Chunk(MaxConcurrency))
        {
            var read = await Task.WhenAll(items.Select(async item => (item.Key, item.Value, Document: await documents.ReadAsync(item.Key))));
            page.AddRange(read
                .Where(item => item.Document is not null && IsListed(item.Key))
                .Select(item => new StoredItem { Id = item.Key, Document = item.Document!, IsReplayRequested = item.Value.IsReplayRequested }));
        }

        return [.. page];
    }

    /// <summary>The attachment of an item; null when the item is not there.</summary>
    public Task<byte[]?> ReadAttachmentAsync(long id) =>
        writes.Current.Items.ContainsKey(id) ? attachments!.ReadAsync(id) : Task.FromResult<byte[]?>(null);

    /// <summary>Takes an item away; null for all.</summary>
    /// <returns>How many went.</returns>
    public async Task<int> PurgeAsync(long? id)
    {
        long[] purged = [];
        await writes.ApplyAsync(index =>
        {
            purged = SelectIds(index, id);
            return purged.Length == 0 ? index : index with { Items = index.Items.RemoveRange(purged) };
        });
        await DeleteAsync(purged);
        return purged.Length;
    }

    /// <summary>Notes that an item is to be given back; null for all.</summary>
    /// <returns>How many will be.</returns>
    public async Task<int> RequestReplayAsync(long? id)
    {
        var requested = 0;
        await writes.ApplyAsync(index =>
        {
            var chosen = SelectIds(index, id);
            requested = chosen.Length;
            var marked = chosen.Where(item => !index.Items[item].IsReplayRequested)
                .Select(item => KeyValuePair.Create(item, index.Items[item] with { IsReplayRequested = true })).ToArray();
            return marked.Length == 0 ? index : index with { Items = index.Items.SetItems(marked) };
        });
        return requested;
    }

    /// <summary>Gives back what was asked for.</summary>
    /// <param name="giveBack">Takes over an item, given its attachment or, without one, its document; when it returns, the item is in somebody else's storage.</param>
    /// <returns>When all of it is given back, or has failed for now.</returns>
    public Task ReplayAsync(Func<byte[], Task> giveBack)
    {
        if (_replaying.IsCompleted)
        {
            _replaying = ReplayRequestedAsync(giveBack);
        }

        return _replaying;
    }

    /// <summary>Waits for what is being given back.</summary>
    public Task WaitUntilReplayedAsync() => _replaying;

    /// <summary>A number for the next item. One that fits into a double, for the sake of whoever shows it in a browser.</summary>
    private long NextId()
    {
        var last = Math.Max(_lastId, writes.Current.Items.IsEmpty ? 0 : writes.Current.Items.Keys.Last());
        return _lastId = Math.Max(last + 1, time.GetUtcNow().ToUnixTimeMilliseconds() * 1000);
    }

    private bool IsListed(long id) => !HidesReplayingItems || !_replayingIds.Contains(id);

    private async Task ReplayRequestedAsync(Func<byte[], Task> giveBack)
    {
        foreach (var ids in writes.Current.Items.Where(item => item.Value.IsReplayRequested).Select(item => item.Key).Chunk(MaxConcurrency))
        {
            await Task.WhenAll(ids.Select(id => ReplayRequestedAsync(id, giveBack)));
        }
    }

    private async Task ReplayRequestedAsync(long id, Func<byte[], Task> giveBack)
    {
        if (!writes.Current.Items.ContainsKey(id))
        {
            return;
        }

        _replayingIds.Add(id);
        try
        {
            if (await (attachments ?? documents).ReadAsync(id) is { } item)
            {
                await giveBack(item);
            }

            await writes.ApplyAsync(index => index with { Items = index.Items.Remove(id) });
            await DeleteAsync([id]);
        }
        catch (Exception e)
        {
            // It stays marked, and is tried again.
            logger.GrainUnreachable(nameof(StoredItemCollection), e);
        }
        finally
        {
            _replayingIds.Remove(id);
        }
    }

    private long[] SelectIds(StoredItemIndex index, long? id) =>
        [.. (id is { } one ? index.Items.ContainsKey(one) ? [one] : [] : index.Items.Keys).Where(IsListed)];

    /// <summary>The oldest beyond the limits. The newest always stays.</summary>
    private IEnumerable<long> FindSurplus(ImmutableSortedDictionary<long, StoredItemEntry> items)
    {
        var count = items.Count;
        var bytes = items.Values.Sum(item => (long)item.Size);
        foreach (var (id, item) in items)
        {
            if (count <= 1 || (count <= limits.Items && bytes <= limits.Bytes))
            {
                yield break;
            }

            count--;
            bytes -= item.Size;
            yield return id;
        }
    }

    /// <summary>Documents that no index names any more; one that cannot be deleted costs room, and nothing else.</summary>
    private async Task DeleteAsync(long[] ids)
    {
        foreach (var some in ids.Chunk(MaxConcurrency))
        {
            try
            {
                await Task.WhenAll(some.Select(documents.DeleteAsync).Concat(attachments is null ? [] : some.Select(attachments.DeleteAsync)));
            }
            catch (Exception e)
            {
                logger.GrainUnreachable(nameof(StoredItemCollection), e);
            }
        }
    }
}

/// <summary>How much a shelf holds.</summary>
internal sealed class StoredItemLimits
{
    public required int Items { get; init; }

    public long Bytes { get; init; } = long.MaxValue;
}
