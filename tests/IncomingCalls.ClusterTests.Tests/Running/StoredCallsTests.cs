using IncomingCalls.Orleans.Tests.Redis;
using IncomingCalls.Processes;

namespace IncomingCalls.ClusterTests.Tests.Running;

public class StoredCallsTests
{
    [RedisFact]
    public async Task ReadOwed_RedisIsKilledMeanwhile_AsksUntilItIsBack()
    {
        await using var redis = new RedisProcess();
        await redis.StartAsync();
        await using var stored = new StoredCalls("cluster", redis.Port);
        await stored.ReadOwedAsync();
        await redis.KillAsync();
        var reading = stored.ReadOwedAsync();

        await redis.StartAsync();

        (await reading.WaitAsync(TimeSpan.FromSeconds(30))).Should().BeEmpty();
    }
}
