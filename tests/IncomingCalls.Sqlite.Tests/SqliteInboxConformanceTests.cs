using IncomingCalls.Sqlite.Tests.Hosting;
using IncomingCalls.Testing;

namespace IncomingCalls.Sqlite.Tests;

public class SqliteInboxConformanceTests
{
    public static TheoryData<string> Cases => [.. InboxConformance.Cases.Select(promise => promise.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conformance_SqliteInbox_Passes(string name) =>
        InboxConformance.Cases.Single(promise => promise.Name == name).RunAsync(new SqliteInboxUnderTest());
}
