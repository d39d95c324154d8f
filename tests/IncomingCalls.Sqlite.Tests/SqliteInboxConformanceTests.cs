using IncomingCalls.Sqlite.Tests.Hosting;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests;

public class SqliteInboxConformanceTests
{
    public static TheoryData<string> Cases => [.. InboxConformance.Cases.Select(promise => promise.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conformance_SqliteInbox_Passes(string name) =>
        InboxConformance.Cases.Single(promise => promise.Name == name).RunAsync(new SqliteInboxUnderTest());
}

internal sealed class SqliteInboxUnderTest : InboxUnderTest
{
    private readonly InboxFolder _folder = new();

    public override void Register(IIncomingCallsBuilder builder) => builder.UseSqliteInbox(_folder.Path);

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return base.DisposeAsync();
    }
}
