using System.Diagnostics;
using IncomingCalls.Testing;

namespace IncomingCalls.LoadTests;

/// <summary>A server process that polls instances of a simulator, which runs in this process.</summary>
internal sealed class PolledServer : IAsyncDisposable
{
    private readonly ServerProcess _server;
    private readonly IReadOnlyList<SimulatedInstance> _instances;
    private long _handled;

    private PolledServer(ServerProcess server, IReadOnlyList<SimulatedInstance> instances)
    {
        _server = server;
        _instances = instances;
    }

    /// <summary>Adds instances to the simulator and starts a server that polls them.</summary>
    public static async Task<PolledServer> StartAsync(ServerKind kind, GreenApiSimulator simulator, int count)
    {
        var (range, instances) = InstanceRange.AddTo(simulator, count);
        return new(await ServerProcess.StartAsync([kind.ToString(), .. range.ToArguments()]), instances);
    }

    /// <summary>Places calls that are answered, and waits until both notifications of each are handled and deleted.</summary>
    /// <returns>A task whose result is the time that this took.</returns>
    public async Task<TimeSpan> HandleAsync(int calls)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            _instances[0].PlaceCall().Ring().Answer();
        }

        _handled += 2 * calls;
        await _server.WaitUntilAcknowledgedAsync(_handled);
        await _instances[0].WaitUntilAcknowledgedAsync();
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Measures the memory of the server once every instance has an open long poll.</summary>
    public async Task<long> MeasureIdleMemoryAsync()
    {
        while (_instances.Any(instance => !instance.Requests.ContainsKey("receiveNotification")))
        {
            await Task.Yield();
        }

        return await _server.MeasureMemoryAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
