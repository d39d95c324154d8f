using System.Globalization;
using System.Text.Json;
using Orleans.Storage;

namespace IncomingCalls;

/// <summary>
/// Forgets the calls of a bucket when repeats of them come no more, where the storage does not do so itself. Their keys are
/// gathered in pages; a crash loses the page that is being filled, and its calls stay in the storage.
/// </summary>
internal sealed class Forgetting(
    int bucket, SharedWrites<DueCalls> writes, IGrainStorage storage, IGrainFactory grains, OrleansInboxOptions options, TimeProvider time)
{
    private const int PageLength = 256;

    /// <summary>How many calls are cleared at the same time.</summary>
    private const int Parallel = 8;

    private static readonly TimeSpan LongestPage = TimeSpan.FromHours(1);

    private readonly StoredItems _pages = new(storage, "forgetting-page", string.Create(CultureInfo.InvariantCulture, $"{bucket}-"));

    private List<string> _filling = [];
    private DateTimeOffset _begunAt;
    private bool _isBusy;

    /// <summary>A call is finished.</summary>
    public void Add(string call)
    {
        if (options.StorageExpires)
        {
            return;
        }

        if (_filling.Count == 0)
        {
            _begunAt = time.GetUtcNow();
        }

        _filling.Add(call);
    }

    /// <summary>Writes the page when it is full, and clears the oldest when its time has come.</summary>
    public async Task GoOnAsync()
    {
        if (_isBusy)
        {
            return;
        }

        _isBusy = true;
        try
        {
            if (_filling.Count >= PageLength || (_filling.Count > 0 && time.GetUtcNow() - _begunAt > LongestPage))
            {
                await CloseAsync();
            }

            if (writes.Current.Pages is [var oldest, ..] && oldest.ClosedAt + options.RepeatWindow < time.GetUtcNow())
            {
                await ClearAsync(oldest);
            }
        }
        finally
        {
            _isBusy = false;
        }
    }

    /// <summary>Writes the page, full or not.</summary>
    public async Task CloseAsync()
    {
        if (_filling.Count == 0)
        {
            return;
        }

        var calls = _filling;
        _filling = [];
        var closedAt = time.GetUtcNow();
        var mark = new ForgettingMark { Page = closedAt.UtcTicks, ClosedAt = closedAt };
        await _pages.WriteAsync(mark.Page, JsonSerializer.SerializeToUtf8Bytes(new() { Calls = calls }, DocumentContext.Default.ForgettingPage));
        await writes.ApplyAsync(state => state with { Pages = state.Pages.Add(mark) });
    }

    private async Task ClearAsync(ForgettingMark mark)
    {
        var page = await _pages.ReadAsync(mark.Page) is { } document ? JsonSerializer.Deserialize(document, DocumentContext.Default.ForgettingPage) : null;
        foreach (var calls in page?.Calls.Chunk(Parallel) ?? [])
        {
            // One that lives on is entered, and finished, once more.
            await Task.WhenAll(calls.Select(call => grains.GetGrain<ICallGrain>(call).ForgetAsync(mark.ClosedAt)));
        }

        await _pages.DeleteAsync(mark.Page);
        await writes.ApplyAsync(state => state with { Pages = state.Pages.Remove(mark) });
    }
}
