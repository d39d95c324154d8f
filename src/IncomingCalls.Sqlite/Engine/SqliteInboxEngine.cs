using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Files;
using IncomingCalls.Sqlite.Storage;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>The inbox at work: it holds the lock and the file from its opening to its closing.</summary>
internal sealed class SqliteInboxEngine : IDisposable
{
    /// <summary>How long a retry or an operator's replay may be late.</summary>
    private static readonly TimeSpan LoadInterval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetentionInterval = TimeSpan.FromMinutes(10);

    private readonly InboxLock _lock;
    private readonly InboxContext _context;
    private readonly InboxWriter _writer;
    private readonly CallTaskRunner _work;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loadLoop;
    private volatile bool _isLoading;

    private SqliteInboxEngine(InboxLock engineLock, SqliteConnection connection, InboxContext context)
    {
        _lock = engineLock;
        _context = context;
        var hand = new ActiveCalls(context.Services, context.Time);
        _writer = new(context.Path, connection, hand, context.Health, context.Metrics);
        _work = new(context.Services, _writer, context.Intake, context.Time, context.Logger);
        hand.Work = _work;
        foreach (var name in NameTable.Read(connection, context.Time.GetUtcNow()))
        {
            context.Services.RestoreCallerName(name);
        }

        context.Services.CallerNameFound += StoreName;
        _writer.Start();
        _loadLoop = RunLoadLoopAsync();
    }

    /// <summary>Opens the file and begins to work; null when another engine has it.</summary>
    /// <exception cref="InvalidOperationException">The file is damaged, not ours, or a folder.</exception>
    /// <exception cref="SqliteException">The file cannot be opened or written now.</exception>
    /// <exception cref="IOException">The folder or the lock cannot be written now.</exception>
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
        var write = new AcceptOperation(received, _context.Services);
        Post(write);
        return write.Result;
    }

    public Task QuarantineAsync(QuarantinedNotification item)
    {
        var write = new QuarantineOperation(item, _context.Options, _context.Services, _context.Logger);
        Post(write);
        return write.Result;
    }

    /// <summary>Begins nothing new, waits for what is under way, writes it, and lets go of the file.</summary>
    /// <param name="cancellationToken">Signalled when the host can wait no longer.</param>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        _context.Services.CallerNameFound -= StoreName;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loadLoop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _writer.Post(new StopOperation());
        await _work.DrainAsync(cancellationToken).ConfigureAwait(false);
        await _writer.CloseAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _lock.Dispose();
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _writer.Dispose();
        _work.Dispose();
        _lock.Dispose();
    }

    private void StoreName(CachedCallerName name) => _writer.Post(new StoreNameOperation(name));

    private void Post(WriteOperation write)
    {
        if (_writer.IsFull || !_writer.Post(write))
        {
            throw new CallInboxUnavailableException(_writer.IsFull
                ? "More notifications wait for the disk than can be answered in time. The gateway sends this one again."
                : "The inbox is closed: the host stops. The gateway sends the notification again.");
        }
    }

    private async Task RunLoadLoopAsync()
    {
        using var timer = new PeriodicTimer(LoadInterval, _context.Time);
        var cleanAt = _context.Time.GetUtcNow();
        do
        {
            if (!_isLoading)
            {
                _isLoading = true;
                if (_context.Health.CurrentFailure is not null)
                {
                    _writer.Post(new ProbeOperation());
                }

                _writer.Post(new LoadDueOperation(_context.Services, _work, _context.Time, () => _isLoading = false));
            }

            var now = _context.Time.GetUtcNow();
            if (now >= cleanAt)
            {
                cleanAt = now + RetentionInterval;
                _writer.Post(new RetentionOperation(after: 0, _context.Options, _context.Time, _work, _context.Logger));
            }
        }
        while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false));
    }
}

/// <summary>What an engine works with.</summary>
internal sealed class InboxContext
{
    /// <summary>The full path of the inbox file.</summary>
    public required string Path { get; init; }

    public required SqliteInboxOptions Options { get; init; }

    public required InboxServices Services { get; init; }

    /// <summary>The door for what is replayed from quarantine. Asked for late, since the door itself needs the inbox.</summary>
    public required Func<ICallIntake> Intake { get; init; }

    public required StoreHealth Health { get; init; }

    public required SqliteInboxMetrics Metrics { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
