using System.Globalization;
using System.Text.Json;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using Orleans.Storage;

namespace IncomingCalls.Orleans.WakeUps;

/// <summary>
/// Forgets the calls of a bucket when repeats of them come no more, where the storage does not do so itself. Their keys are
/// gathered in pages; a crash loses the page that is being filled, and its calls stay in the storage.
/// </summary>
internal sealed class RetentionSweeper(
    int bucket, BatchedStateWriter<WakeUpBucketState> writes, IGrainStorage storage, IGrainFactory grains, OrleansInboxOptions options, TimeProvider time)
{
    private const int PageSize = 256;

    /// <summary>How many calls are cleared at the same time.</summary>
    private const int MaxConcurrency = 8;

    private static readonly TimeSpan MaxPageAge = TimeSpan.FromHours(1);

    private readonly DocumentStore _pages = new(storage, "forgetting-page", string.Create(CultureInfo.InvariantCulture, $"{bucket}-"));

    private List<string> _openPage = [];
    private DateTimeOffset _openedAt;
    private bool _isSweeping;

    /// <summary>A call is finished.</summary>
    public void Add(string call)
    {
        if (options.StorageExpiresEntries)
        {
            return;
        }

        if (_openPage.Count == 0)
        {
            _openedAt = time.GetUtcNow();
        }

        _openPage.Add(call);
    }

    /// <summary>Writes the page when it is full, and clears the oldest when its time has come.</summary>
    public async Task SweepAsync()
    {
        if (_isSweeping)
        {
            return;
        }

        _isSweeping = true;
        try
        {
            if (_openPage.Count >= PageSize || (_openPage.Count > 0 && time.GetUtcNow() - _openedAt > MaxPageAge))
            {
                await ClosePageAsync();
            }

            if (writes.Current.Pages is [var oldest, ..] && oldest.ClosedAt + options.DeduplicationWindow < time.GetUtcNow())
            {
                await DeletePageAsync(oldest);
            }
        }
        finally
        {
            _isSweeping = false;
        }
    }

    /// <summary>Writes the page, full or not.</summary>
    public async Task ClosePageAsync()
    {
        if (_openPage.Count == 0)
        {
            return;
        }

        var calls = _openPage;
        _openPage = [];
        var closedAt = time.GetUtcNow();
        var mark = new RetentionPageReference { Page = closedAt.UtcTicks, ClosedAt = closedAt };
        await _pages.WriteAsync(mark.Page, JsonSerializer.SerializeToUtf8Bytes(new() { Calls = calls }, StoredStateJsonContext.Default.RetentionPage));
        await writes.ApplyAsync(state => state with { Pages = state.Pages.Add(mark) });
    }

    private async Task DeletePageAsync(RetentionPageReference mark)
    {
        var page = await _pages.ReadAsync(mark.Page) is { } document ? JsonSerializer.Deserialize(document, StoredStateJsonContext.Default.RetentionPage) : null;
        foreach (var calls in page?.Calls.Chunk(MaxConcurrency) ?? [])
        {
            // One that lives on is entered, and finished, once more.
            await Task.WhenAll(calls.Select(call => grains.GetGrain<ICallGrain>(call).TryDeleteAsync(mark.ClosedAt)));
        }

        await _pages.DeleteAsync(mark.Page);
        await writes.ApplyAsync(state => state with { Pages = state.Pages.Remove(mark) });
    }
}
