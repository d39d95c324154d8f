using System.Collections.Concurrent;
using System.Net;
using IncomingCalls;
using Microsoft.Extensions.Options;

namespace Guides.Adapters;

#region pace
/// <summary>Sends the requests of this process to a portal one at a time, and at the rate of the portal.</summary>
internal sealed class CrmPaceHandler(CrmPaces paces, TimeProvider time) : DelegatingHandler
{
    public static readonly HttpRequestOptionsKey<CrmPortal> Portal = new("portal");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.TryGetValue(Portal, out var portal);
        var pace = paces.Get(portal!);
        await pace.Turn.WaitAsync(cancellationToken);
        try
        {
            await pace.WaitForPermitAsync(portal!, cancellationToken);
            return await SendAsync(request, pace, cancellationToken);
        }
        finally
        {
            pace.Turn.Release();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CrmPace pace, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                // For attempts that are running already: the inbox starts no others until then.
                pace.Pause(CallEventRetryException.FromRetryAfter(response, CrmPace.DefaultPause, timeProvider: time).Delay);
            }

            return response;
        }
        finally
        {
            // Now, since the request may have been delayed on its way.
            pace.Count();
        }
    }
}

/// <summary>The paces of all portals. A singleton, since the HTTP client replaces its handlers.</summary>
internal sealed class CrmPaces(TimeProvider time, IOptions<CrmOptions> options)
{
    private readonly ConcurrentDictionary<string, CrmPace> _paces = new();

    public CrmPace Get(CrmPortal portal) => _paces.GetOrAdd(portal.Name, _ => new(time, options.Value.Nodes));
}

/// <summary>The share of this node in the rate of one portal, which allows two requests a second, and five at once: all nodes together send four.</summary>
internal sealed class CrmPace(TimeProvider time, int nodes)
{
    public static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxWait = DefaultPause;

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(0.5 * nodes);
    private readonly TimeSpan _burst = BurstOf(nodes);

    // A process does not know what the one before it has sent, so it begins as if the burst were used up.
    private DateTimeOffset _usedUntil = time.GetUtcNow() + BurstOf(nodes);
    private DateTimeOffset _pausedUntil;

    public SemaphoreSlim Turn { get; } = new(1);

    public void Pause(TimeSpan delay) => _pausedUntil = time.GetUtcNow() + delay;

    /// <summary>Waits for the next permit. Called by one request at a time.</summary>
    public async Task WaitForPermitAsync(CrmPortal portal, CancellationToken cancellationToken)
    {
        // Checked again after the wait: the portal may have asked for a longer one meanwhile.
        while (GetDelay() is var delay && delay > TimeSpan.Zero)
        {
            if (delay > MaxWait)
            {
                throw new CallEventRetryException(delay, portal.Destination, "The portal has asked for a delay.");
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }

    /// <summary>Counts a request that was sent.</summary>
    public void Count()
    {
        var now = time.GetUtcNow();
        _usedUntil = (_usedUntil > now ? _usedUntil : now) + _interval;
    }

    private static TimeSpan BurstOf(int nodes) => TimeSpan.FromSeconds(0.5 * Math.Max(4, nodes));

    private TimeSpan GetDelay()
    {
        var start = _usedUntil - _burst + _interval;
        return (start > _pausedUntil ? start : _pausedUntil) - time.GetUtcNow();
    }
}
#endregion
