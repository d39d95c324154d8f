using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Sqlite.Tests.Hosting;

/// <summary>A host with the SQLite inbox, a fake clock, and a handler that records its events.</summary>
internal sealed class SqliteHost : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1790000000);

    private readonly IHost _host;
    private readonly string _path;

    private SqliteHost(IHost host, string path) => (_host, _path) = (host, path);

    public IServiceProvider Services => _host.Services;

    public ICallIntake Intake => Services.GetRequiredService<ICallIntake>();

    public ICallInboxAdministration Administration => Services.GetRequiredService<ICallInboxAdministration>();

    public FakeTimeProvider Clock => (FakeTimeProvider)Services.GetRequiredService<TimeProvider>();

    public FakeLogCollector Logs => Services.GetFakeLogCollector();

    public EventRecorder Recorder => Services.GetRequiredService<EventRecorder>();

    public static async Task<SqliteHost> StartAsync(string path, Action<SqliteInboxOptions>? options = null, Action<IIncomingCallsBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddFakeLogging().AddEventSourceLogger();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
        builder.Services.AddSingleton<EventRecorder>();
        var calls = builder.Services.AddIncomingCalls().UseSqliteInbox(settings =>
        {
            settings.Path = path;
            settings.LockTimeout = TimeSpan.Zero;
            options?.Invoke(settings);
        });
        calls.AddHandler<RecordingHandler>("recorder");
        configure?.Invoke(calls);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new(host, path);
    }

    public static IncomingCallNotification CreateCall(string? status, string id = "A", long instance = 1101000001) => new()
    {
        IdMessage = id,
        Instance = new() { IdInstance = instance },
        RawStatus = status,
        From = ChatId.Parse("70000000101@c.us"),
        Timestamp = Now,
    };

    /// <summary>Queries a number from the file with a separate connection.</summary>
    public long QueryNumber(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_path};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Waits until a condition holds, while the threads of the inbox work; the clock advances by a step at every check.</summary>
    public async Task WaitUntilAsync(Func<bool> holds, TimeSpan step = default)
    {
        var started = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Stopwatch.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(30), "the condition should hold within 30 seconds");
            Clock.Advance(step);
            await Task.Run(static () => { });
        }
    }

    /// <summary>Stops the host.</summary>
    /// <param name="shutdownTimeout">Signalled when the shutdown timeout of the host has elapsed.</param>
    public Task StopAsync(CancellationToken shutdownTimeout = default) => _host.StopAsync(shutdownTimeout);

    public async ValueTask DisposeAsync()
    {
        using (_host)
        {
            await _host.StopAsync();
        }
    }
}
