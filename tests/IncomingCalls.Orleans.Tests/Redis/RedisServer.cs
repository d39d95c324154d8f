using IncomingCalls.Redis;
using StackExchange.Redis;

namespace IncomingCalls.Orleans.Tests.Redis;

/// <summary>The Redis of a test class.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private readonly RedisProcess _process = new();

    public ConfigurationOptions Options => _process.Options;

    public Task InitializeAsync() => RedisFactAttribute.Missing is null ? StartAsync() : Task.CompletedTask;

    public Task DisposeAsync() => _process.DisposeAsync().AsTask();

    /// <inheritdoc cref="RedisProcess.StartAsync"/>
    public Task StartAsync() => _process.StartAsync();

    /// <inheritdoc cref="RedisProcess.KillAsync"/>
    public Task KillAsync() => _process.KillAsync();
}
