using IncomingCalls.Orleans.Tests.Redis;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.Hosting;

internal sealed class OrleansInboxUnderTest(RedisServer redis) : InboxUnderTest
{
    private readonly TestCluster _cluster = new(redis);

    public override void Register(IIncomingCallsBuilder builder)
    {
        _cluster.AddSilo(builder.Services);
        builder.UseOrleansInbox();
    }
}
