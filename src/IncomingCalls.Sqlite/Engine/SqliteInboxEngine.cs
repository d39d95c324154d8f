using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Files;
using IncomingCalls.Sqlite.Storage;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>The running inbox. It owns the lock and the file from the time it is opened until it is closed.</summary>
internal sealed class SqliteInboxEngine : IDisposable
{
    /// <summary>How often the file is queried for due calls and for replay requests of operators, and so how late either may start.</summary>
    private static readonly TimeSpan LoadInterval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetentionInterval = TimeSpan.FromMinutes(10);

    private readonly InboxLock _lock;
    private readonly InboxContext _context;
    private readonly InboxWriter _writer;
    private readonly AttemptDispatcher _dispatcher;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loadLoop;
    private volatile bool _isLoading;

    private SqliteInboxEngine(InboxLock engineLock, SqliteConnection connection, InboxContext context)
    {
        _lock = engineLock;
        _context = context;
        var activeCalls = new ActiveCalls(context.Services, context.Time);
        _writer = new(context.Path, connection, activeCalls, context.Health, context.Metrics);
        _dispatcher = new(context.Services, _writer, context.Intake, context.Time, context.Logger);
        activeCalls.Dispatcher = _dispatcher;
        foreach (var name in CallerNameTable.Read(connection, context.Time.GetUtcNow()))
        {
            context.Services.RestoreCallerName(name);
        }

        context.Services.CallerNameFound += StoreName;
        _writer.Start();
        _loadLoop = RunLoadLoopAsync();
    }

    /// <summary>Opens the file and starts the engine; returns null when another engine holds the lock of the file.</summary>
    /// <exception cref="InvalidOperationException">The file is damaged, is not an inbox file, or is a directory.</exception>
    /// <exception cref="SqliteException">The file cannot be opened or written; a later attempt may succeed.</exception>
    /// <exception cref="IOException">The directory or the lock file cannot be written; a later attempt may succeed.</exception>
    public static SqliteInboxEngine? TryOpen(InboxContext context)
    {
        InboxFile.ThrowIfDirectory(context.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(context.Path)!);
        if (InboxLock.TryAcquire(context.Path) is not { } engineLock)
        {
            return null;
        }

        try
        {
            return new(engineLock, InboxFile.OpenForInbox(context.Path), context);
        }
        catch
        {
            engineLock.Dispose();
            throw;
        }
    }

    public Task<IntakeResult> AcceptAsync(ReceivedCallNotification received)
    {
        var operation = new AcceptOperation(received, _context.Services);
        Post(operation);
        return operation.Result;
    }

    public Task QuarantineAsync(QuarantinedNotification item)
    {
        var operation = new QuarantineOperation(item, _context.Options, _context.Services, _context.Logger);
        Post(operation);
        return operation.Result;
    }

    /// <summary>Starts no further attempts, waits for the running ones, stores their results, and closes the file.</summary>
    /// <param name="cancellationToken">Ends the wait for running attempts; signalled when the shutdown timeout of the host has elapsed.</param>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        _context.Services.CallerNameFound -= StoreName;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loadLoop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _writer.Post(new StopOperation());
        await _dispatcher.DrainAsync(cancellationToken).ConfigureAwait(false);
        await _writer.CloseAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _lock.Dispose();
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _writer.Dispose();
        _dispatcher.Dispose();
        _lock.Dispose();
    }

    private void StoreName(CachedCallerName name) => _writer.Post(new StoreNameOperation(name));

    private void Post(WriteOperation operation)
    {
        if (_writer.IsFull || !_writer.Post(operation))
        {
            throw new CallInboxUnavailableException(_writer.IsFull
                ? "The write queue of the inbox is full: more notifications are waiting for the disk than can be answered in time. The gateway sends the notification again."
                : "The inbox is closed because the host is stopping. The gateway sends the notification again.");
        }
    }

    private async Task RunLoadLoopAsync()
    {
        using var timer = new PeriodicTimer(LoadInterval, _context.Time);
        var retentionDueAt = _context.Time.GetUtcNow();
        do
        {
            if (!_isLoading)
            {
                _isLoading = true;
                if (_context.Health.CurrentFailure is not null)
                {
                    _writer.Post(new ProbeOperation());
                }

                _writer.Post(new LoadDueOperation(_context.Services, _dispatcher, _context.Time, () => _isLoading = false));
            }

            var now = _context.Time.GetUtcNow();
            if (now >= retentionDueAt)
            {
                retentionDueAt = now + RetentionInterval;
                _writer.Post(new RetentionOperation(after: 0, _context.Options, _context.Time, _dispatcher, _context.Logger));
            }
        }
        while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false));
    }
}

/// <summary>The dependencies of an engine.</summary>
internal sealed class InboxContext
{
    /// <summary>The full path of the inbox file.</summary>
    public required string Path { get; init; }

    public required SqliteInboxOptions Options { get; init; }

    public required InboxServices Services { get; init; }

    /// <summary>Gets the intake, which replays quarantined notifications. Resolved late, because the intake itself depends on the inbox.</summary>
    public required Func<ICallIntake> Intake { get; init; }

    public required StoreHealth Health { get; init; }

    public required SqliteInboxMetrics Metrics { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
