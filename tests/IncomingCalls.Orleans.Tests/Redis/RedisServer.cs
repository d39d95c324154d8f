using IncomingCalls.Processes;
using StackExchange.Redis;

namespace IncomingCalls.Orleans.Tests.Redis;

/// <summary>The Redis of a test class.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private readonly RedisProcess _process = new();

    public ConfigurationOptions Options => RedisOptions.ForPort(_process.Port);

    public Task InitializeAsync() => RedisFactAttribute.Missing is null ? StartAsync() : Task.CompletedTask;

    public async Task DisposeAsync() => await _process.DisposeAsync();

    /// <summary>Starts the server with the data of its earlier run.</summary>
    public Task StartAsync() => _process.StartAsync();

    /// <summary>Kills the server.</summary>
    public Task KillAsync() => _process.KillAsync();
}
