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

    /// <summary>Starts the server, on what an earlier one left.</summary>
    public Task StartAsync() => _process.StartAsync();

    /// <summary>Kills the server, without a word to anybody.</summary>
    public Task KillAsync() => _process.KillAsync();
}
