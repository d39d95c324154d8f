using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests.Upkeep;

public class NamesTests
{
    [Fact]
    public async Task Name_FoundBeforeARestart_IsKnownAtOnceAfterIt()
    {
        using var folder = new InboxFolder();
        await using (var host = await SqliteHost.StartAsync(folder.Path, configure: calls => calls.AddCallerNames<Contacts>().AddChatRecorder<NoRecorder>()))
        {
            await host.Intake.AcceptAsync(SqliteHost.Call("declined"));
            await host.UntilAsync(() => host.Number("SELECT COUNT(*) FROM names") == 1);
        }

        await using var next = await SqliteHost.StartAsync(folder.Path);
        await next.Intake.AcceptAsync(SqliteHost.Call("declined", "B"));
        await next.UntilAsync(() => next.Told.Events.Count == 1);

        next.Told.Events.Single().Caller.Should().BeEquivalentTo(new { Name = "Ivan", NameSource = "contacts" });
    }

    [Fact]
    public async Task Name_AfterItsLifetime_IsForgotten()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path, configure: calls => calls.AddCallerNames<Contacts>().AddChatRecorder<NoRecorder>());
        await host.Intake.AcceptAsync(SqliteHost.Call("declined"));
        await host.UntilAsync(() => host.Number("SELECT COUNT(*) FROM names") == 1);

        host.Clock.Advance(TimeSpan.FromHours(7));

        await host.UntilAsync(() => host.Number("SELECT COUNT(*) FROM names") == 0, TimeSpan.FromSeconds(1));
        host.Number("SELECT COUNT(*) FROM calls").Should().Be(1);
    }

    private sealed class Contacts : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) =>
            new(new CallerName { Name = "Ivan", Source = "contacts" });
    }

    private sealed class NoRecorder : IChatRecorder
    {
        public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
