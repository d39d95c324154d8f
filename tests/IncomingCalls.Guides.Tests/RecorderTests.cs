using Guides.Recorders;
using IncomingCalls.Processes;
using IncomingCalls.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace IncomingCalls.Guides.Tests;

/// <summary>The recorders of docs/write-a-recorder.md with EF Core on SQLite.</summary>
public sealed class EfCoreRecorderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-recorder-");

    public EfCoreRecorderTests() => Open().Database.EnsureCreated();

    [Fact]
    public async Task CallRows_OlderStateAfterANewerOne_IsIgnored()
    {
        foreach (var callEvent in RecorderEvents.WithLateOffer)
        {
            await using var db = Open();
            await new EfCoreCallRows(db).HandleAsync(callEvent, CancellationToken.None);
        }

        var row = await Open().Calls.SingleAsync();
        row.Outcome.Should().Be(CallOutcome.Missed);
        row.CallerName.Should().Be("Anna");
        row.Version.Should().Be(CallEvents.Missed().Call.Version);
    }

    [Fact]
    public async Task CallRows_RowWrittenByAnotherProcessMeanwhile_FailsSoThatTheAttemptIsRepeated()
    {
        await using var db = Open();
        await new EfCoreCallRows(db).HandleAsync(CallEvents.Offered(), CancellationToken.None);
        await using (var other = Open())
        {
            await new EfCoreCallRows(other).HandleAsync(CallEvents.Missed(), CancellationToken.None);
        }

        var attempt = async () => await new EfCoreCallRows(db).HandleAsync(CallEvents.Answered(), CancellationToken.None);

        await attempt.Should().ThrowAsync<DbUpdateConcurrencyException>();
        (await Open().Calls.SingleAsync()).Outcome.Should().Be(CallOutcome.Missed);
    }

    [Fact]
    public async Task CallLog_SameEventTwice_IsOneEntry()
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await using var db = Open();
            await new EfCoreCallLog(db).RecordAsync(RecorderEvents.Record, CancellationToken.None);
        }

        (await Open().Log.SingleAsync()).Text.Should().Be("Missed call");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private CallsDb Open() =>
        new(new DbContextOptionsBuilder<CallsDb>().UseSqlite($"Data Source={Path.Combine(_folder.FullName, "calls.db")};Pooling=false").Options);
}

/// <summary>The recorders of docs/write-a-recorder.md with Npgsql, on the tables that the page shows.</summary>
public sealed class NpgsqlRecorderTests : IAsyncLifetime
{
    private PostgresServer? _server;
    private NpgsqlDataSource? _database;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            _server = await PostgresServer.StartAsync();
            _database = NpgsqlDataSource.Create(_server.ConnectionString("postgres"));
            await using var command = _database.CreateCommand(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Pages", "tables.sql")));
            await command.ExecuteNonQueryAsync();
        }
    }

    [PostgresFact]
    public async Task CallRows_OlderStateAfterANewerOne_IsIgnored()
    {
        var rows = new NpgsqlCallRows(_database!);

        foreach (var callEvent in RecorderEvents.WithLateOffer)
        {
            await rows.HandleAsync(callEvent, CancellationToken.None);
        }

        (await ReadAsync("SELECT outcome || ' ' || caller_name || ' ' || version FROM calls")).Should().Equal($"Missed Anna {CallEvents.Missed().Call.Version}");
    }

    [PostgresFact]
    public async Task CallLog_SameEventTwice_IsOneEntry()
    {
        var log = new NpgsqlCallLog(_database!);

        await log.RecordAsync(RecorderEvents.Record, CancellationToken.None);
        await log.RecordAsync(RecorderEvents.Record, CancellationToken.None);

        (await ReadAsync("SELECT text FROM call_log")).Should().Equal("Missed call");
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _database!.DisposeAsync();
            await _server.DisposeAsync();
        }
    }

    private async Task<List<string>> ReadAsync(string query)
    {
        await using var command = _database!.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}

/// <summary>What the recorders receive.</summary>
internal static class RecorderEvents
{
    /// <summary>A call whose name is known to the offer only, and the late attempt of a process that has an older state.</summary>
    public static CallEvent[] WithLateOffer { get; } = [CallEvents.Offered(name: "Anna"), CallEvents.Missed(), CallEvents.Missed(), CallEvents.Offered()];

    public static ChatRecord Record { get; } = new()
    {
        EventId = CallEvents.Missed().Id,
        Call = CallEvents.Missed().Call,
        ChatId = CallEvents.Missed().Caller.ChatId,
        Caller = CallEvents.Missed().Caller,
        Label = CallLabel.MissedCall,
        Text = "Missed call",
        OccurredAt = CallEvents.Missed().OccurredAt,
    };
}

/// <summary>A test that needs PostgreSQL. Without it the test is skipped, except under CI, where it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}
