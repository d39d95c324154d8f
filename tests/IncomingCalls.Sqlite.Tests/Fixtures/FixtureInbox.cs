using System.Collections.Concurrent;
using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Sqlite.Tests.Fixtures;

/// <summary>The committed inbox files, and the program that makes a new one. README.md beside them describes the content. All data is invented.</summary>
internal static class FixtureInbox
{
    /// <summary>The file that the current code must write.</summary>
    public const string Newest = "inbox-v4b.db";

    public const string NamedCaller = "70000000101@c.us";
    public const string UnknownCaller = "70000000102@c.us";

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures");

    /// <summary>The names of the files that this version reads.</summary>
    public static string[] Readable => [.. Directory.GetFiles(Folder, "inbox-v*.db").Where(static path => !path.EndsWith("inbox-v1.db", StringComparison.Ordinal)).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static string GetPath(string name) => Path.Combine(Folder, name);

    public static void CopyTo(string name, string path) => File.Copy(GetPath(name), path);

    /// <summary>Creates an inbox file with the current code. The content is the same each time.</summary>
    public static async Task CreateAsync(string path)
    {
        await using (var host = await StartAsync(path, new()))
        {
            var records = host.Services.GetRequiredService<FixtureRecords>();
            (records.IsScreenOff, records.AreSaved) = (true, true);
            host.Recorder.BeforeRecording = static (callEvent, _) => callEvent.Call.Key.IdMessage switch
            {
                "RETRY" => throw new CallEventRetryException(TimeSpan.FromHours(1)),
                "DEAD" => throw new CallEventRejectedException("There is no such customer."),
                _ => Task.CompletedTask,
            };
            var (missed, offered) = (CallDecision.Handle(CallLabel.MissedCall), CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true));
            foreach (var (status, id, caller, decision, lanes) in new[]
            {
                ("declined", "FINISHED", NamedCaller, missed, 0),
                ("declined", "RETRY", NamedCaller, missed, 1),
                ("declined", "NAME", UnknownCaller, missed, 2),
                // The outcome timeout, and the alert that could not be raised.
                ("offer", "RINGING", NamedCaller, offered, 4),
                ("declined", "DEAD", NamedCaller, missed, 4),
            })
            {
                await host.Services.GetRequiredService<ICallInbox>().AcceptAsync(CreateCall(status, id, caller, decision), CancellationToken.None);
                await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM lanes") == lanes && host.QueryNumber("SELECT COUNT(*) FROM lanes WHERE waits_for = 0") == 0);
            }

            await host.Intake.AcceptAsync("garbage"u8.ToArray());
            await host.Intake.AcceptAsync("purged garbage"u8.ToArray());
            await host.Administration.PurgeQuarantineAsync(new InboxFilter { Id = 2, From = SqliteHost.Now, ErrorContains = "NotANotification" }, "operator@desk");
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM names") == 1);
        }

        Compact(path);
    }

    /// <summary>Starts a host with the handlers of the file.</summary>
    public static Task<SqliteHost> StartAsync(string path, FixtureRecords records) => SqliteHost.StartAsync(path, configure: calls =>
    {
        calls.Services.AddSingleton(records);
        calls.AddChatRecorder<FixtureChatRecorder>("chat").AddOperatorNotifier<FixtureNotifier>("screen").AddCallerNames<FixtureCallerNames>().AddInstances<FixtureInstances>();
    });

    /// <summary>Creates a notification with every member.</summary>
    private static ReceivedCallNotification CreateCall(string status, string id, string caller, CallDecision decision) => new()
    {
        Notification = SqliteHost.CreateCall(status, id) with
        {
            Instance = new() { IdInstance = 1101000001, Wid = ChatId.Parse("70000000001@c.us"), TypeInstance = "whatsapp" },
            From = ChatId.Parse(caller),
            IsVideo = false,
            Duration = TimeSpan.FromSeconds(12),
            Participants = [new() { Id = ChatId.Parse("70000000103@c.us"), RawStatus = status }],
        },
        Decision = decision,
        ReceivedAt = SqliteHost.Now,
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        TraceState = "vendor=1",
    };

    /// <summary>Makes the file small: pages of 512 bytes instead of 4,096.</summary>
    private static void Compact(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM; PRAGMA journal_mode = WAL";
        command.ExecuteNonQuery();
    }
}

/// <summary>What the handlers of a fixture have received.</summary>
internal sealed class FixtureRecords
{
    /// <summary>Whether the notifier fails.</summary>
    public bool IsScreenOff { get; set; }

    /// <summary>Whether the recorder saves a value. It takes time, of which a test that advances the clock meanwhile leaves none.</summary>
    public bool AreSaved { get; set; }

    public ConcurrentQueue<ChatRecord> Chat { get; } = [];

    public ConcurrentQueue<OperatorAlert> Alerts { get; } = [];
}

/// <summary>Saves the last record of each person.</summary>
internal sealed class FixtureChatRecorder(FixtureRecords records, ICallHandlerStore store) : IChatRecorder
{
    public async ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        if (records.AreSaved)
        {
            await store.SaveAsync(HandlerKey.Person(record.Person!, "last record"), record.EventId, cancellationToken);
        }

        records.Chat.Enqueue(record);
    }
}

internal sealed class FixtureNotifier(FixtureRecords records) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        if (records.IsScreenOff)
        {
            throw new InvalidOperationException("The screen is off.");
        }

        records.Alerts.Enqueue(alert);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Finds the name of one caller; the lookup of any other does not end before the host stops.</summary>
internal sealed class FixtureCallerNames : ICallerNameResolver
{
    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        if (query.ChatId.Value != FixtureInbox.NamedCaller)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        return new() { Name = "Ivan", Source = "contacts" };
    }
}

/// <summary>The instance with an account, by which dead letters can be filtered.</summary>
internal sealed class FixtureInstances : IInstanceSource
{
    private static readonly CallInstance Instance = new() { IdInstance = 1101000001, ApiUrl = new("https://api.example.com"), ApiTokenInstance = "test", Account = "acme" };

    public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new([Instance]);

    public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) => new((CallInstance?)null);

    public IChangeToken Watch() => new CancellationChangeToken(CancellationToken.None);
}
