using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CallDesk.Store;

namespace CallDesk.Live;

/// <summary>Carries rows to the open pages.</summary>
internal sealed class DeskFeed(TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>How far a page may fall behind before it is cut off; it comes back and reads everything anew.</summary>
    private const int BufferCapacity = 256;

    /// <summary>Proxies close a connection that is silent for a minute.</summary>
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<Channel<SseItem<object>>, bool> _subscribers = new();

    /// <summary>Whether anybody looks.</summary>
    public bool HasSubscribers => !_subscribers.IsEmpty;

    public void Publish(IDeskRow row) => Publish(new SseItem<object>(row, row.GetType().Name));

    /// <summary>Has every page read everything anew.</summary>
    public void RequestReload() => Publish(CreateClockItem("hello"));

    /// <summary>Everything written from now on. The first item, <c>hello</c>, tells the page to read what was before.</summary>
    public async IAsyncEnumerable<SseItem<object>> SubscribeAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var page = Channel.CreateBounded<SseItem<object>>(BufferCapacity);
        _subscribers[page] = true;
        try
        {
            using var beats = time.CreateTimer(_ => page.Writer.TryWrite(CreateClockItem("beat")), null, HeartbeatInterval, HeartbeatInterval);
            // An open page must not hold up the end of the program.
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

    /// <summary>With our time, since the clock of an operator's machine may be wrong.</summary>
    private SseItem<object> CreateClockItem(string type) => new(new { Now = time.GetUtcNow().UtcDateTime }, type);
}
