using System.Diagnostics;

namespace IncomingCalls.LoadTests;

/// <summary>Generates the load of one server: every connection sends an offer and an answer of its next call as soon as the last request is answered.</summary>
internal sealed class WebhookLoad : IAsyncDisposable
{
    private static long _lastCall;

    private readonly ServerProcess _server;
    private readonly LoadConnection[] _connections;
    private long _sent;

    private WebhookLoad(ServerProcess server, int connections)
    {
        _server = server;
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new LoadConnection())];
    }

    /// <param name="server">The server. The load disposes it.</param>
    /// <param name="connections">The number of connections.</param>
    public static async Task<WebhookLoad> ConnectAsync(ServerProcess server, int connections = 32)
    {
        var load = new WebhookLoad(server, connections);
        await Task.WhenAll(load._connections.Select(connection => connection.ConnectAsync(server.Address)));
        return load;
    }

    /// <summary>Sends for a time, and waits until everything sent is handled.</summary>
    public async Task<LoadSlice> RunAsync(TimeSpan time)
    {
        var processorTime = _server.ProcessorTime;
        var started = Stopwatch.GetTimestamp();
        var sent = (await Task.WhenAll(_connections.Select((connection, i) => SendAsync(connection, i, started, time)))).Sum();
        _sent += sent;
        await _server.WaitUntilAcknowledgedAsync(_sent);
        return new() { Count = sent, Elapsed = Stopwatch.GetElapsedTime(started), ProcessorTime = _server.ProcessorTime - processorTime };
    }

    public async ValueTask DisposeAsync()
    {
        Array.ForEach(_connections, connection => connection.Dispose());
        await _server.DisposeAsync();
    }

    private static async Task<int> SendAsync(LoadConnection connection, int number, long started, TimeSpan time)
    {
        // Several instances, since the concurrency of a single one is bounded.
        var idInstance = 1101000001 + (number % 4);
        RequestTemplate[] requests = [RequestTemplate.Call(idInstance, "offer"), RequestTemplate.Call(idInstance, "pickUp")];
        var sent = 0;
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            var call = Interlocked.Increment(ref _lastCall);
            foreach (var request in requests)
            {
                await connection.PostAsync(request.Render(call));
                sent++;
            }
        }

        return sent;
    }
}

/// <summary>The work of a server in a slice of time.</summary>
internal sealed class LoadSlice
{
    public required long Count { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>The processor time of the server.</summary>
    public required TimeSpan ProcessorTime { get; init; }

    public double PerSecond => Count / Elapsed.TotalSeconds;

    public double MicrosecondsPerItem => ProcessorTime.TotalMicroseconds / Count;
}
