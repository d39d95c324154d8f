using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using IncomingCalls.Testing;

namespace IncomingCalls.Orleans.Tests.Inbox;

public class OrleansInboxConformanceTests(RedisServer redis) : IClassFixture<RedisServer>
{
    public static TheoryData<string> Cases => [.. InboxConformance.Cases.Select(promise => promise.Name)];

    [RedisTheory]
    [MemberData(nameof(Cases))]
    public Task Case_OrleansInbox_Passes(string name) =>
        InboxConformance.Cases.Single(promise => promise.Name == name).RunAsync(new OrleansInboxUnderTest(redis));
}
