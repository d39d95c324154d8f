using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests.Storage;

public class CallerNameStorageTests
{
    [Fact]
    public async Task CallerName_FoundBeforeARestart_IsAvailableAfterIt()
    {
        using var folder = new InboxFolder();
        await using (var host = await SqliteHost.StartAsync(folder.Path, configure: calls => calls.AddCallerNames<ContactNameResolver>().AddChatRecorder<NoOpChatRecorder>()))
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM names") == 1);
        }

        await using var next = await SqliteHost.StartAsync(folder.Path);
        await next.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "B"));
        await next.WaitUntilAsync(() => next.Recorder.Events.Count == 1);

        next.Recorder.Events.Single().Caller.Should().BeEquivalentTo(new { Name = "Ivan", NameSource = "contacts" });
    }

    [Fact]
    public async Task Start_NameOfAnUnreadableChatId_IsSkipped()
    {
        using var folder = new InboxFolder();
        await (await SqliteHost.StartAsync(folder.Path)).DisposeAsync();
        folder.Execute("INSERT INTO names (id_instance, chat_id, name, source, expires_at) VALUES (1101000001, ' ', 'Ivan', 'contacts', 9999999999999)");

        var starting = async () => await (await SqliteHost.StartAsync(folder.Path)).DisposeAsync();

        await starting.Should().NotThrowAsync();
    }

    [Fact]
    public async Task CallerName_AfterItsCacheDuration_IsDeleted()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path, configure: calls => calls.AddCallerNames<ContactNameResolver>().AddChatRecorder<NoOpChatRecorder>());
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM names") == 1);

        host.Clock.Advance(TimeSpan.FromHours(7));

        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM names") == 0, TimeSpan.FromSeconds(1));
        host.QueryNumber("SELECT COUNT(*) FROM calls").Should().Be(1);
    }

    private sealed class ContactNameResolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) =>
            new(new CallerName { Name = "Ivan", Source = "contacts" });
    }

    private sealed class NoOpChatRecorder : IChatRecorder
    {
        public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
