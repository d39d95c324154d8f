using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using IncomingCalls;
using Microsoft.Extensions.Hosting;

namespace Guides.Alerts;

#region feed
internal sealed record BrowserAlert(string Id, string Caller);

internal sealed class AlertFeed(TimeProvider time, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<Channel<SseItem<BrowserAlert?>>, bool> _pages = new();
    private readonly ConcurrentDictionary<string, BrowserAlert> _ringing = new();

    public void Show(BrowserAlert alert)
    {
        _ringing[alert.Id] = alert;
        Publish(new(alert, "ringing"));
    }

    public void Hide(BrowserAlert alert)
    {
        _ringing.TryRemove(alert.Id, out _);
        Publish(new(alert, "ended"));
    }

    public async IAsyncEnumerable<SseItem<BrowserAlert?>> SubscribeAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var page = Channel.CreateBounded<SseItem<BrowserAlert?>>(256);
        _pages[page] = true;
        try
        {
            // Proxies close a connection on which nothing is sent for a minute.
            using var heartbeat = time.CreateTimer(_ => page.Writer.TryWrite(new(null, "heartbeat")), null, TimeSpan.Zero, HeartbeatInterval);
            // An open page must not delay the shutdown of the host.
            using var stopping = lifetime.ApplicationStopping.Register(() => page.Writer.TryComplete());
            foreach (var alert in _ringing.Values)
            {
                yield return new(alert, "ringing");
            }

            await foreach (var item in page.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            _pages.TryRemove(page, out _);
        }
    }

    private void Publish(SseItem<BrowserAlert?> item)
    {
        foreach (var (page, _) in _pages)
        {
            if (!page.Writer.TryWrite(item))
            {
                // The page has fallen behind. It connects again, and receives what is ringing then.
                page.Writer.TryComplete();
            }
        }
    }
}
#endregion
