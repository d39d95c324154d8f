using System.Collections.Concurrent;
using System.Diagnostics;

namespace IncomingCalls.LoadTests;

/// <summary>Sends offers to a server at planned times, however long the answers take, and collects when the handlers of the server ran for them.</summary>
internal sealed class OfferLoad : IAsyncDisposable
{
    private static readonly TimeSpan CollectInterval = TimeSpan.FromMilliseconds(50);
    private static long _lastCall = 1L << 40;

    private readonly ServerProcess _server;
    private readonly LoadConnection[] _connections;

    private OfferLoad(ServerProcess server, int connections)
    {
        _server = server;
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new LoadConnection())];
    }

    /// <param name="server">The server. The load disposes it.</param>
    /// <param name="connections">The maximum number of concurrent requests.</param>
    public static async Task<OfferLoad> ConnectAsync(ServerProcess server, int connections)
    {
        var load = new OfferLoad(server, connections);
        await Task.WhenAll(load._connections.Select(connection => connection.ConnectAsync(server.Address)));
        return load;
    }

    /// <summary>Sends the offers of a plan, and collects the times of handlers until all offers are handled, or a time after the last was sent.</summary>
    public async Task<OfferTimes> RunAsync(OfferPlan plan, TimeSpan limit, params IReadOnlyList<HandlerRole> roles)
    {
        ConcurrentDictionary<string, long> sentAt = new();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(_connections.Select((connection, i) => SendAsync(connection, i, plan, started, sentAt)));
        var sent = Stopwatch.GetTimestamp();
        var times = new OfferTimes(sentAt);
        while (true)
        {
            var isLast = Stopwatch.GetElapsedTime(sent) >= limit;
            times.ObservedUntil = Stopwatch.GetTimestamp();
            foreach (var role in roles.Where(role => !times.IsComplete(role)))
            {
                times.Add(role, HandlerTime.Parse(await _server.GetAsync($"/times/{role}")));
            }

            if (isLast || roles.All(times.IsComplete))
            {
                return times;
            }

            await Task.Delay(CollectInterval);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Array.ForEach(_connections, connection => connection.Dispose());
        await _server.DisposeAsync();
    }

    /// <summary>Sends every n-th offer, where n is the number of connections.</summary>
    private async Task SendAsync(LoadConnection connection, int first, OfferPlan plan, long started, ConcurrentDictionary<string, long> sentAt)
    {
        for (var i = first; i < plan.Count; i += _connections.Length)
        {
            var call = Interlocked.Increment(ref _lastCall);
            var offer = RequestTemplate.Call(plan.IdInstance(i), "offer", plan.Caller(i)).Render(call);
            await Schedule.WaitUntilAsync(started, plan.SendAfter(i));
            sentAt[RequestTemplate.FormatId(call)] = Stopwatch.GetTimestamp();
            await connection.PostAsync(offer);
        }
    }
}

/// <summary>Which offers are sent, and when.</summary>
internal sealed class OfferPlan
{
    /// <summary>The number of offers.</summary>
    public required int Count { get; init; }

    /// <summary>The instance that is called, by the index of the offer.</summary>
    public required Func<int, long> IdInstance { get; init; }

    /// <summary>The phone number of the caller, by the index of the offer.</summary>
    public Func<int, long> Caller { get; init; } = static _ => KnownCallerNames.First;

    /// <summary>When the offer is sent after the start, by its index.</summary>
    /// <value>Default: at once, which means as soon as a connection is free.</value>
    public Func<int, TimeSpan> SendAfter { get; init; } = static _ => TimeSpan.Zero;
}
