using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>Sends offers in bursts at fixed times, however long the answers take, as in the busy minute of an operators' desk.</summary>
internal sealed class BurstLoad : IAsyncDisposable
{
    private static long _lastCall = 1L << 40;

    private readonly ServerProcess _server;
    private readonly LoadConnection[] _connections;
    private long _sent;

    private BurstLoad(ServerProcess server, int connections)
    {
        _server = server;
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new LoadConnection())];
    }

    /// <param name="server">The server. The load disposes it.</param>
    /// <param name="burst">How many offers are sent at once, each on a separate connection.</param>
    public static async Task<BurstLoad> ConnectAsync(ServerProcess server, int burst)
    {
        var load = new BurstLoad(server, burst);
        await Task.WhenAll(load._connections.Select(connection => connection.ConnectAsync(server.Address)));
        return load;
    }

    /// <summary>Sends bursts.</summary>
    /// <returns>A task whose result is the time from sending each offer to the call of the operator notifier.</returns>
    public async Task<IReadOnlyList<TimeSpan>> RunAsync(int bursts, TimeSpan interval)
    {
        RequestTemplate[] offers = [.. _connections.Select((_, i) => RequestTemplate.Call(1101000001 + (i % 4), "offer"))];
        Dictionary<string, long> sentAt = [];
        using var timer = new PeriodicTimer(interval);
        for (var i = 0; i < bursts; i++)
        {
            await timer.WaitForNextTickAsync();
            foreach (var (id, sent) in await Task.WhenAll(_connections.Select((connection, j) => SendAsync(connection, offers[j]))))
            {
                sentAt[id] = sent;
            }
        }

        _sent += sentAt.Count;
        await _server.WaitUntilHandledAsync(_sent);
        return [.. (await GetRaisedAlertsAsync()).Select(raised => Stopwatch.GetElapsedTime(sentAt[raised.Id], raised.At))];
    }

    public async ValueTask DisposeAsync()
    {
        Array.ForEach(_connections, connection => connection.Dispose());
        await _server.DisposeAsync();
    }

    private static async Task<(string Id, long Sent)> SendAsync(LoadConnection connection, RequestTemplate offer)
    {
        var call = Interlocked.Increment(ref _lastCall);
        var sent = Stopwatch.GetTimestamp();
        await connection.PostAsync(offer.Render(call));
        return (RequestTemplate.FormatId(call), sent);
    }

    private async Task<IEnumerable<(string Id, long At)>> GetRaisedAlertsAsync() =>
        from line in (await _server.GetAsync("/alerts")).Split('\n')
        let parts = line.Split(' ')
        select (parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture));
}
