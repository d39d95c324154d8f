using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests.Retention;

/// <summary>Values of handlers that have expired are deleted, but not before the dead letters of their call.</summary>
public class HandlerValueTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task ExpiredValue_CallHasADeadLetter_IsRetainedAndFoundByItsReplay()
    {
        using var folder = new InboxFolder();
        string? found = null;
        var isRejected = true;
        await using var host = await StartAsync(folder, async (callEvent, store, cancellationToken) =>
        {
            if (callEvent.Call.Key.IdMessage != "dead" || isRejected)
            {
                await store.SaveAsync(HandlerKey.Call(callEvent.Call), "record 1", SqliteHost.Now.AddDays(1), cancellationToken);
            }

            if (callEvent.Call.Key.IdMessage == "dead" && isRejected)
            {
                throw new CallEventRejectedException("No such customer.");
            }

            found = await store.GetAsync(HandlerKey.Call(callEvent.Call), cancellationToken);
        });
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "dead"));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "done"));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == 1 && host.QueryNumber("SELECT COUNT(*) FROM work") == 0);

        host.Clock.Advance(TimeSpan.FromDays(1.1));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM handler_values WHERE subject = 'done'") == 0, Tick);
        host.QueryNumber("SELECT COUNT(*) FROM handler_values WHERE subject = 'dead'").Should().Be(1);

        (isRejected, found) = (false, null);
        await host.Administration.ReplayDeadLettersAsync();
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == 0, TimeSpan.FromMilliseconds(50));
        await host.WaitUntilAsync(() => found is not null);
        found.Should().Be("record 1");
    }

    [Fact]
    public async Task ExpiredValues_MoreThanABatch_AreAllDeleted()
    {
        using var folder = new InboxFolder();
        await using var host = await StartAsync(folder, static async (_, store, cancellationToken) =>
            await Task.WhenAll(Enumerable.Range(0, 250).Select(i => store.SaveAsync(HandlerKey.Named($"{i}"), "value", SqliteHost.Now.AddDays(1), cancellationToken).AsTask())));
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM handler_values") == 250);

        host.Clock.Advance(TimeSpan.FromDays(1.1));

        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM handler_values") == 0, Tick);
    }

    /// <summary>A host of an earlier version of this package has not created the table.</summary>
    [Fact]
    public async Task Open_FileWithoutTheTable_CreatesIt()
    {
        using var folder = new InboxFolder();
        await (await SqliteHost.StartAsync(folder.Path)).DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={folder.Path};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var drop = new SqliteCommand("DROP TABLE handler_values", connection);
            await drop.ExecuteNonQueryAsync();
        }

        string? found = null;
        await using var later = await StartAsync(folder, async (_, store, cancellationToken) =>
        {
            await store.SaveAsync(HandlerKey.Named("key"), "value", cancellationToken);
            found = await store.GetAsync(HandlerKey.Named("key"), cancellationToken);
        });
        await later.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));

        await later.WaitUntilAsync(() => found == "value");
    }

    private static Task<SqliteHost> StartAsync(InboxFolder folder, Func<CallEvent, ICallHandlerStore, CancellationToken, Task> behavior) => SqliteHost.StartAsync(folder.Path, configure: calls =>
    {
        calls.Services.AddSingleton(behavior);
        calls.AddHandler<StoringHandler>("crm");
    });

    private sealed class StoringHandler(ICallHandlerStore store, Func<CallEvent, ICallHandlerStore, CancellationToken, Task> behavior) : ICallEventHandler
    {
        public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => await behavior(callEvent, store, cancellationToken);
    }
}
