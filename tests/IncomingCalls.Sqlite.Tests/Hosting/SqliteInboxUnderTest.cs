using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests.Hosting;

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
