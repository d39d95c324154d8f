using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Files;
using IncomingCalls.Sqlite.Options;
using IncomingCalls.Sqlite.Storage;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>The store of calls in an open inbox file. It owns the lock and the file from the time it is opened until it is closed.</summary>
internal sealed class SqliteCallStore : ICallStore, IDisposable
{
    private static readonly TimeSpan RetentionInterval = TimeSpan.FromMinutes(10);

    /// <summary>The number of names that an instance answers within the wait for them is far smaller.</summary>
    private const int MaxNameWaits = 1_000;

    private readonly InboxLock _lock;
    private readonly InboxContext _context;
    private readonly InboxWriter _writer;
    private readonly QuarantineReplayer _replayer;
    private readonly UnreadableCalls _unreadable;
    private readonly CancellationTokenSource _closing = new();
    private readonly HeartbeatOperation _heartbeat = new();
    private ITimer? _retentionTimer;
    private ITimer? _heartbeatTimer;

    private SqliteCallStore(InboxLock fileLock, SqliteConnection connection, InboxContext context)
    {
        _lock = fileLock;
        _context = context;
        _writer = new(context, connection, fileLock.IsEffective);
        _unreadable = new(context.Path, context.Logger);
        _replayer = new(context.Intake, this, context.Logger);
        CallerNameTable.Restore(connection, context.Time.GetUtcNow(), context.Names);
        context.Names.NameFound += StoreName;
        context.Names.NumberFound += StoreNumber;
        NameWaits = LaneTable.ReadNameWaits(connection, context.Time.GetUtcNow(), MaxNameWaits);
    }

    /// <summary>The calls that were waiting for a caller's name when the file was opened.</summary>
    public IReadOnlyList<CallKey> NameWaits { get; }

    /// <summary>Opens the file; returns null when another inbox holds the lock of the file or owns the file.</summary>
    /// <exception cref="InvalidOperationException">The file is damaged, is not an inbox file, or is a directory.</exception>
    /// <exception cref="SqliteException">The file cannot be opened or written; a later attempt may succeed.</exception>
    /// <exception cref="IOException">The directory or the lock file cannot be written; a later attempt may succeed.</exception>
    public static SqliteCallStore? TryOpen(InboxContext context)
    {
        InboxFile.ThrowIfDirectory(context.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(context.Path)!);
        context.Owner.BeginAttempt();
        if (InboxLock.TryAcquire(context.Path) is not { } fileLock)
        {
            return null;
        }

        try
        {
            if (InboxFile.OpenForInbox(context.Path, context.Owner, fileLock.IsEffective) is { } connection)
            {
                if (!fileLock.IsEffective)
                {
                    context.Logger.LockIneffective(context.Path);
                }

                return new(fileLock, connection, context);
            }

            fileLock.Dispose();
            return null;
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    /// <summary>Starts the writer and the retention.</summary>
    /// <param name="committed">Receives the states that each batch has changed, see <see cref="DueWorkLoop.OnCommitted"/>.</param>
    public void Start(Action<IReadOnlyCollection<CallState>> committed)
    {
        _writer.Start(committed);
        // Until the file is closed: the host may drain running attempts for longer than another process waits for the heartbeat.
        _heartbeatTimer = _context.Time.CreateTimer(_ => PostHeartbeat(), null, InboxOwner.HeartbeatInterval, InboxOwner.HeartbeatInterval);
        _retentionTimer = _context.Time.CreateTimer(
            _ =>
            {
                _writer.Post(new RetentionOperation(after: 0, _context.Options, _context.Time, this, _context.Logger));
                _writer.Post(new DeleteExpiredValuesOperation(_context.Time, this));
                _writer.Post(new DeleteExpiredPersonsOperation(_context.Time, this));
            },
            null,
            TimeSpan.Zero,
            RetentionInterval);
    }

    /// <summary>Throws if more notifications are waiting for the disk than can be answered in time.</summary>
    /// <exception cref="CallInboxUnavailableException">The write queue is full.</exception>
    public void ThrowIfFull()
    {
        if (_writer.IsFull)
        {
            throw new CallInboxUnavailableException(
                "The write queue of the inbox is full: more notifications are waiting for the disk than can be answered in time. The gateway sends the notification again.");
        }
    }

    public bool Post(CallChange change) => _writer.Post(new CallChangeOperation(change, _context.Transitions, _unreadable));

    public bool Post(CallLoad load) => _writer.Post(new CallLoadOperation(load, _context.Time, _unreadable));

    public bool Post(DueQuery query)
    {
        if (_context.Health.CurrentFailure is not null)
        {
            _writer.Post(new ProbeOperation());
        }

        return _writer.Post(new DueQueryOperation(query, _context.Transitions, _replayer, _context.Time, _context.Logger));
    }

    /// <summary>Stores a notification in the quarantine.</summary>
    /// <exception cref="CallInboxUnavailableException">The inbox is closed.</exception>
    public Task QuarantineAsync(QuarantinedNotification item)
    {
        ThrowIfFull();
        var operation = new QuarantineOperation(item, new(item.IdInstance, _context.Options, this, _context.Logger), _context.Transitions);
        return _writer.Post(operation)
            ? operation.Result
            : throw new CallInboxUnavailableException("The inbox is closed because the host is stopping. The gateway sends the notification again.");
    }

    /// <summary>Reads or writes values of handlers; returns a task that completes when it is committed.</summary>
    /// <exception cref="CallInboxUnavailableException">The inbox is closed.</exception>
    public Task<T> RunAsync<T>(Func<HandlerValueTable, ErasureList, T> operation)
    {
        var posted = new HandlerValueOperation<T>(operation);
        return _writer.Post(posted) ? posted.Result : throw new CallInboxUnavailableException("The inbox is closed because the host is stopping.");
    }

    /// <summary>Closes the callback of a person; returns a task whose result is whether one was open.</summary>
    /// <exception cref="CallInboxUnavailableException">The inbox is closed.</exception>
    public Task<bool> CloseCallbackAsync(CallbackCloseRequest request)
    {
        var operation = new CloseCallbackOperation(request, _context.Transitions);
        return _writer.Post(operation) ? operation.Result : throw new CallInboxUnavailableException("The inbox is closed because the host is stopping.");
    }

    /// <summary>Posts an operation.</summary>
    public void Post(WriteOperation operation) => _writer.Post(operation);

    /// <summary>Posts an operation after a delay, or at once when the store closes.</summary>
    public void PostLater(WriteOperation operation, TimeSpan delay) => _ = PostLaterAsync(operation, delay);

    /// <summary>Commits everything that is queued, and closes the file.</summary>
    /// <param name="cancellationToken">Ends the wait for replays of quarantined notifications that are in progress.</param>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        _context.Names.NameFound -= StoreName;
        _context.Names.NumberFound -= StoreNumber;
        _retentionTimer?.Dispose();
        await _replayer.StopAsync(cancellationToken).ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        _heartbeatTimer?.Dispose();
        await _writer.CloseAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _lock.Dispose();
    }

    public void Dispose()
    {
        _retentionTimer?.Dispose();
        _heartbeatTimer?.Dispose();
        _closing.Dispose();
        _replayer.Dispose();
        _writer.Dispose();
        _lock.Dispose();
    }

    /// <summary>Posts a heartbeat unless one is queued: a disk that is slow for a while would otherwise find many.</summary>
    private void PostHeartbeat()
    {
        if (!_heartbeat.IsQueued)
        {
            _heartbeat.IsQueued = true;
            _writer.Post(_heartbeat);
        }
    }

    private void StoreName(CachedCallerName name) => _writer.Post(new StoreNameOperation(name.IdInstance, name.ChatId, name.Name.PhoneNumber, names => names.Set(name), _context.Time));

    private void StoreNumber(CachedCallerNumber number) => _writer.Post(new StoreNameOperation(number.IdInstance, number.ChatId, number.PhoneNumber, names => names.Set(number), _context.Time));

    private async Task PostLaterAsync(WriteOperation operation, TimeSpan delay)
    {
        await Task.Delay(delay, _context.Time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _writer.Post(operation);
    }
}

/// <summary>The dependencies of an inbox file.</summary>
internal sealed class InboxContext
{
    /// <summary>The full path of the inbox file.</summary>
    public required string Path { get; init; }

    /// <summary>The path in the configuration if code sets another; otherwise null.</summary>
    public IgnoredPath? IgnoredPath { get; init; }

    public required SqliteInboxOptions Options { get; init; }

    public required CallTransitions Transitions { get; init; }

    public required AttemptRunner Runner { get; init; }

    public required InboxCallerNames Names { get; init; }

    /// <summary>Gets the intake, which replays quarantined notifications. Resolved late, because the intake itself depends on the inbox.</summary>
    public required Func<ICallIntake> Intake { get; init; }

    public required InboxOwner Owner { get; init; }

    public required StoreHealth Health { get; init; }

    public required SqliteInboxMetrics Metrics { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
