using IncomingCalls.Orleans.Tests.Redis;
using IncomingCalls.Processes;

namespace IncomingCalls.ClusterTests.Tests.Running;

public class ClusterStorageReaderTests
{
    [RedisFact]
    public async Task ReadPending_RedisKilledMeanwhile_RetriesUntilItIsBack()
    {
        await using var redis = new RedisProcess();
        await redis.StartAsync();
        await using var stored = new ClusterStorageReader("cluster", redis.Port);
        await stored.ReadPendingAsync();
        await redis.KillAsync();
        var reading = stored.ReadPendingAsync();

        await redis.StartAsync();

        (await reading.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeEmpty();
    }
}
