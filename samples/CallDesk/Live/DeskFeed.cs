using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CallDesk.Store;

namespace CallDesk.Live;

/// <summary>Streams rows to the open pages.</summary>
internal sealed class DeskFeed(TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>How many items a slow page may lag behind before it is disconnected; it reconnects and reloads all rows.</summary>
    private const int BufferCapacity = 256;

    /// <summary>Many proxies close a connection that is idle for a minute.</summary>
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<Channel<SseItem<object>>, bool> _subscribers = new();

    /// <summary>Whether a page is open.</summary>
    public bool HasSubscribers => !_subscribers.IsEmpty;

    public void Publish(IDeskRow row) => Publish(new SseItem<object>(row, row.GetType().Name));

    /// <summary>Makes every page read the open callbacks again.</summary>
    public void AnnounceCallbacks() => Publish(CreateClockItem("callbacks"));

    /// <summary>Makes every page reload all rows.</summary>
    public void RequestReload() => Publish(CreateClockItem("hello"));

    /// <summary>Streams all rows that are written from now on. The first item, <c>hello</c>, makes the page load the earlier rows.</summary>
    public async IAsyncEnumerable<SseItem<object>> SubscribeAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var page = Channel.CreateBounded<SseItem<object>>(BufferCapacity);
        _subscribers[page] = true;
        try
        {
            using var heartbeat = time.CreateTimer(_ => page.Writer.TryWrite(CreateClockItem("beat")), null, HeartbeatInterval, HeartbeatInterval);
            // An open page must not delay the shutdown of the host.
            using var stopping = lifetime.ApplicationStopping.Register(() => page.Writer.TryComplete());
            yield return CreateClockItem("hello");
            await foreach (var item in page.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            _subscribers.TryRemove(page, out _);
        }
    }

    private void Publish(SseItem<object> item)
    {
        foreach (var (page, _) in _subscribers)
        {
            if (!page.Writer.TryWrite(item))
            {
                page.Writer.TryComplete();
            }
        }
    }

    /// <summary>Creates an item with the time of the server, since the clock of an operator's machine may be wrong.</summary>
    private SseItem<object> CreateClockItem(string type) => new(new { Now = time.GetUtcNow().UtcDateTime }, type);
}
