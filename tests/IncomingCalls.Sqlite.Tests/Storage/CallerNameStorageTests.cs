using System.Collections.Concurrent;
using IncomingCalls.Inbox;
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
    public async Task Start_RecordWaitsForAName_LooksItUpAgain()
    {
        using var folder = new InboxFolder();
        var unanswered = new WaitingNames();
        await using (var host = await SqliteHost.StartAsync(folder.Path, configure: calls => Configure(calls, unanswered)))
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
            await host.WaitUntilAsync(() => unanswered.Queries == 1 && host.QueryNumber("SELECT COUNT(*) FROM lanes WHERE waits_for = 2") == 1);
        }

        var answered = new WaitingNames();
        answered.Answer.SetResult(new() { Name = "Ivan", Source = "contacts" });
        await using var next = await SqliteHost.StartAsync(folder.Path, configure: calls => Configure(calls, answered));
        var records = next.Services.GetRequiredService<KeptRecords>();
        await next.WaitUntilAsync(() => !records.Records.IsEmpty);

        records.Records.Should().ContainSingle().Which.Caller.Name.Should().Be("Ivan");
        next.Clock.GetUtcNow().Should().Be(SqliteHost.Now, "the end of the lookup is the signal");

        static void Configure(IIncomingCallsBuilder calls, WaitingNames names)
        {
            calls.Services.AddSingleton(names).AddSingleton<KeptRecords>();
            calls.AddCallerNames<WaitingNames>().AddChatRecorder<KeepingChatRecorder>();
        }
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

    [Theory]
    [InlineData("+70000000101", "+70000000101")]
    [InlineData(null, "")]
    public async Task CallerNumber_FoundBeforeARestart_IsAvailableAfterItAndNotLookedUpAgain(string? number, string stored)
    {
        using var folder = new InboxFolder();
        var numbers = new KnownNumbers(number);
        await using (var host = await SqliteHost.StartAsync(folder.Path, configure: calls => calls.Services.AddSingleton<ICallerNumberResolver>(numbers)))
        {
            await host.Intake.AcceptAsync(CreateLidCall("A"));
            await host.WaitUntilAsync(() => host.QueryNumber($"SELECT COUNT(*) FROM names WHERE name = '' AND phone = '{stored}' AND phone_expires_at = expires_at") == 1);
        }

        await using var next = await SqliteHost.StartAsync(folder.Path, configure: calls => calls.Services.AddSingleton<ICallerNumberResolver>(numbers));
        await next.Intake.AcceptAsync(CreateLidCall("B"));
        await next.WaitUntilAsync(() => next.Recorder.Events.Count == 1);

        next.Recorder.Events.Single().Caller.Should().BeEquivalentTo(new { Name = (string?)null, PhoneNumber = number });
        numbers.Queries.Should().Be(1);
    }

    [Fact]
    public async Task CallerNumber_BesideAName_BothAreStoredUntilTheLastHasExpired()
    {
        using var folder = new InboxFolder();
        await using (var host = await SqliteHost.StartAsync(folder.Path, configure: Configure))
        {
            await host.Intake.AcceptAsync(CreateLidCall("A"));
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM names WHERE name = 'Ivan' AND phone = '+70000000101'") == 1);
            // The name has expired, and the number has not.
            host.Clock.Advance(TimeSpan.FromHours(7));
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM names") == 1);
        }

        await using var next = await SqliteHost.StartAsync(folder.Path, configure: calls => calls.Services.AddSingleton<ICallerNumberResolver>(new KnownNumbers("+70000000102")));
        await next.Intake.AcceptAsync(CreateLidCall("B"));
        await next.WaitUntilAsync(() => next.Recorder.Events.Count == 1);
        next.Recorder.Events.Single().Caller.PhoneNumber.Should().Be("+70000000101");
        next.Clock.Advance(TimeSpan.FromHours(48));

        await next.WaitUntilAsync(() => next.QueryNumber("SELECT COUNT(*) FROM names") == 0, TimeSpan.FromSeconds(1));

        static void Configure(IIncomingCallsBuilder calls)
        {
            calls.Services.AddSingleton<ICallerNumberResolver>(new KnownNumbers("+70000000101"));
            calls.AddCallerNames<ContactNameResolver>();
        }
    }

    [Fact]
    public async Task CallerNumber_OfANameOfTheHost_IsAvailableAfterARestart()
    {
        using var folder = new InboxFolder();
        await using (var host = await SqliteHost.StartAsync(folder.Path, configure: calls => calls.AddCallerNames<NumberResolver>()))
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "A") with { From = ChatId.Parse("10000001") });
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM names WHERE phone = '+70000000101'") == 1);
        }

        await using var next = await SqliteHost.StartAsync(folder.Path);
        await next.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "B") with { From = ChatId.Parse("10000001") });
        await next.WaitUntilAsync(() => next.Recorder.Events.Count == 1);

        next.Recorder.Events.Single().Caller.Should().BeEquivalentTo(new { Name = "Ivan", PhoneNumber = "+70000000101" });
    }

    /// <summary>A row with a number alone does not say that there is no name.</summary>
    [Fact]
    public async Task CallerNumber_StoredWithoutAName_NameIsLookedUpAfterTheRestart()
    {
        using var folder = new InboxFolder();
        await using (var host = await SqliteHost.StartAsync(folder.Path, configure: calls => calls.Services.AddSingleton<ICallerNumberResolver>(new KnownNumbers("+70000000101"))))
        {
            await host.Intake.AcceptAsync(CreateLidCall("A"));
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM names WHERE phone = '+70000000101'") == 1);
        }

        await using var next = await SqliteHost.StartAsync(folder.Path, configure: calls => calls.AddCallerNames<ContactNameResolver>());
        await next.Intake.AcceptAsync(CreateLidCall("B"));

        await next.WaitUntilAsync(() => next.QueryNumber("SELECT COUNT(*) FROM names WHERE name = 'Ivan' AND phone = '+70000000101'") == 1);
    }

    private static IncomingCallNotification CreateLidCall(string id) => SqliteHost.CreateCall("declined", id) with { From = ChatId.Parse("100000000000001@lid") };

    private sealed class KnownNumbers(string? number) : ICallerNumberResolver
    {
        private int _queries;

        public int Queries => Volatile.Read(ref _queries);

        public ValueTask<CallerNumber?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _queries);
            return new(new CallerNumber { PhoneNumber = number, CacheDuration = TimeSpan.FromDays(1) });
        }
    }

    private sealed class NumberResolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) =>
            new(new CallerName { Name = "Ivan", Source = "contacts", PhoneNumber = "+70000000101" });
    }

    private sealed class ContactNameResolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) =>
            new(new CallerName { Name = "Ivan", Source = "contacts" });
    }

    /// <summary>Answers every query when the test has set the answer.</summary>
    private sealed class WaitingNames : ICallerNameResolver
    {
        private int _queries;

        public TaskCompletionSource<CallerName?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Queries => Volatile.Read(ref _queries);

        public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _queries);
            return await Answer.Task.WaitAsync(cancellationToken);
        }
    }

    private sealed class KeptRecords
    {
        public ConcurrentQueue<ChatRecord> Records { get; } = [];
    }

    private sealed class KeepingChatRecorder(KeptRecords records) : IChatRecorder
    {
        public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
        {
            records.Records.Enqueue(record);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class NoOpChatRecorder : IChatRecorder
    {
        public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
