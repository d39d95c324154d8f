using IncomingCalls.Inboxes;
using Microsoft.Data.Sqlite;

namespace IncomingCalls;

/// <summary>The inbox at work: it holds the lock and the file from its opening to its closing.</summary>
internal sealed class InboxEngine : IDisposable
{
    /// <summary>How long a retry or an operator's replay may be late.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetentionInterval = TimeSpan.FromMinutes(10);

    private readonly EngineLock _lock;
    private readonly EngineContext _context;
    private readonly InboxWriter _writer;
    private readonly CallWork _work;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _looking;
    private volatile bool _isLooking;

    private InboxEngine(EngineLock engineLock, SqliteConnection connection, EngineContext context)
    {
        _lock = engineLock;
        _context = context;
        var hand = new CallsInHand(context.Services, context.Time);
        _writer = new(context.Path, connection, hand, context.Trouble, context.Metrics);
        _work = new(context.Services, _writer, context.Intake, context.Time, context.Logger);
        hand.Work = _work;
        foreach (var name in NameRows.Read(connection, context.Time.GetUtcNow()))
        {
            context.Services.Recall(name);
        }

        context.Services.NameFound += KeepName;
        _writer.Start();
        _looking = LookAsync();
    }

    /// <summary>Opens the file and begins to work; null when another engine has it.</summary>
    /// <exception cref="InvalidOperationException">The file is damaged, not ours, or a folder.</exception>
    /// <exception cref="SqliteException">The file cannot be opened or written now.</exception>
    /// <exception cref="IOException">The folder or the lock cannot be written now.</exception>
    public static InboxEngine? TryOpen(EngineContext context)
    {
        InboxFile.RefuseFolder(context.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(context.Path)!);
        if (EngineLock.TryTake(context.Path) is not { } engineLock)
        {
            return null;
        }

        try
        {
            return new(engineLock, InboxFile.OpenForEngine(context.Path), context);
        }
        catch
        {
            engineLock.Dispose();
            throw;
        }
    }

    public Task<IntakeResult> AcceptAsync(ReceivedCallNotification received)
    {
        var write = new AcceptWrite(received, _context.Services);
        Post(write);
        return write.Result;
    }

    public Task QuarantineAsync(QuarantinedNotification item)
    {
        var write = new QuarantineWrite(item, _context.Options, _context.Services, _context.Logger);
        Post(write);
        return write.Result;
    }

    /// <summary>Begins nothing new, waits for what is under way, writes it, and lets go of the file.</summary>
    /// <param name="cancellationToken">Signalled when the host can wait no longer.</param>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        _context.Services.NameFound -= KeepName;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _writer.Post(new StopWrite());
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

    private void KeepName(KeptCallerName name) => _writer.Post(new NameWrite(name));

    private void Post(InboxWrite write)
    {
        if (_writer.IsFull || !_writer.Post(write))
        {
            throw new CallInboxUnavailableException(_writer.IsFull
                ? "More notifications wait for the disk than can be answered in time. The gateway sends this one again."
                : "The inbox is closed: the host stops. The gateway sends the notification again.");
        }
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(LookInterval, _context.Time);
        var cleanAt = _context.Time.GetUtcNow();
        do
        {
            if (!_isLooking)
            {
                _isLooking = true;
                if (_context.Trouble.Current is not null)
                {
                    _writer.Post(new ProofWrite());
                }

                _writer.Post(new LookWrite(_context.Services, _work, _context.Time, () => _isLooking = false));
            }

            var now = _context.Time.GetUtcNow();
            if (now >= cleanAt)
            {
                cleanAt = now + RetentionInterval;
                _writer.Post(new RetentionWrite(after: 0, _context.Options, _context.Time, _work, _context.Logger));
            }
        }
        while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false));
    }
}
