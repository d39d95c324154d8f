using System.Globalization;
using System.Text.Json;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.Storage;
using Orleans.Storage;

namespace IncomingCalls.Orleans.WakeUps;

/// <summary>
/// Deletes the finished calls of a bucket after the deduplication window, unless the storage expires them. Their keys are collected in pages; a
/// crash loses the open page, and the calls of that page remain in the storage.
/// </summary>
internal sealed class RetentionSweeper(
    int bucket, BatchedStateWriter<WakeUpBucketState> state, IGrainStorage storage, IGrainFactory grains, OrleansInboxOptions options, TimeProvider time)
{
    private const int PageSize = 256;

    /// <summary>The number of calls that are deleted concurrently.</summary>
    private const int MaxConcurrency = 8;

    private static readonly TimeSpan MaxPageAge = TimeSpan.FromHours(1);

    private readonly StoredItemDocumentStore _pages = new(storage, "forgetting-page", string.Create(CultureInfo.InvariantCulture, $"{bucket}-"));

    private List<string> _openPage = [];
    private DateTimeOffset _openedAt;
    private bool _isSweeping;

    /// <summary>Adds a finished call to the open page.</summary>
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

    /// <summary>Stores the open page when it is full or old, and deletes the calls of the oldest page when their retention has ended.</summary>
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

            if (state.Current.Pages is [var oldest, ..] && oldest.ClosedAt + options.DeduplicationWindow < time.GetUtcNow())
            {
                await DeletePageAsync(oldest);
            }
        }
        finally
        {
            _isSweeping = false;
        }
    }

    /// <summary>Stores the open page, full or not.</summary>
    public async Task ClosePageAsync()
    {
        if (_openPage.Count == 0)
        {
            return;
        }

        var calls = _openPage;
        _openPage = [];
        var closedAt = time.GetUtcNow();
        var reference = new RetentionPageReference { Page = closedAt.UtcTicks, ClosedAt = closedAt };
        await _pages.WriteAsync(reference.Page, JsonSerializer.SerializeToUtf8Bytes(new() { Calls = calls }, StoredStateJsonContext.Default.RetentionPage));
        await state.ApplyAsync(current => current with { Pages = current.Pages.Add(reference) });
    }

    /// <summary>Gets the calls of all pages.</summary>
    public async Task<string[]> ListCallsAsync()
    {
        List<string> calls = [.. _openPage];
        foreach (var reference in state.Current.Pages)
        {
            calls.AddRange(await ReadPageAsync(reference));
        }

        return [.. calls];
    }

    private async Task<IReadOnlyList<string>> ReadPageAsync(RetentionPageReference reference) =>
        await _pages.ReadAsync(reference.Page) is { } document ? JsonSerializer.Deserialize(document, StoredStateJsonContext.Default.RetentionPage)?.Calls ?? [] : [];

    private async Task DeletePageAsync(RetentionPageReference reference)
    {
        foreach (var calls in (await ReadPageAsync(reference)).Chunk(MaxConcurrency))
        {
            // A call that is still in use is added again when it is finished again.
            await Task.WhenAll(calls.Select(call => grains.GetGrain<ICallGrain>(call).TryDeleteAsync(reference.ClosedAt)));
        }

        await _pages.DeleteAsync(reference.Page);
        await state.ApplyAsync(current => current with { Pages = current.Pages.Remove(reference) });
    }
}
