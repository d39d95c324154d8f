using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Engine;
using IncomingCalls.Sqlite.Files;
using IncomingCalls.Sqlite.Storage;
using IncomingCalls.Sqlite.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Sqlite;

/// <summary>The durable inbox of one process: a notification is stored in the file before it is acknowledged.</summary>
internal sealed class SqliteInbox(InboxContext context, IHostApplicationLifetime? lifetime) : ICallInbox, ICallHealthSource, IDisposable
{
    /// <summary>How often the file is queried for due calls and for replay requests of operators, and so how late either may start.</summary>
    private static readonly TimeSpan DueQueryInterval = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan OpenRetryDelay = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly SqliteInboxFile _file = new(context.Path, context.Time);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _opening = Task.CompletedTask;
    private volatile OpenInbox? _open;
    private volatile string _unavailableReason = "The inbox is not open yet. The gateway sends the notification again.";

    public bool IsDurable => true;

    public string Name => "inbox";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (context.IgnoredPath is { } ignored)
        {
            context.Logger.ConfiguredPathIgnored(ignored.Key, ignored.Path, context.Path);
        }

        if (!TryOpen() && LockTimeout == TimeSpan.Zero && !IsFailing)
        {
            throw new InvalidOperationException(_unavailableReason);
        }

        if (_open is null)
        {
            _opening = OpenAsync();
        }

        return Task.CompletedTask;
    }

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_open is { } open)
        {
            await open.Loop.StopAsync(cancellationToken).ConfigureAwait(false);
            await open.Store.CloseAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (_opening.IsFaulted)
        {
            // Rethrow: the process must not exit as if its shutdown had been requested.
            await _opening.ConfigureAwait(false);
        }

        if (context.Health.TakenOver.IsFaulted)
        {
            await context.Health.TakenOver.ConfigureAwait(false);
        }
    }

    public async ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
    {
        var open = GetOpen();
        open.Store.ThrowIfFull();
        return await open.Loop.AcceptAsync(received, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken) =>
        await GetOpen().Store.QuarantineAsync(item).WaitAsync(cancellationToken).ConfigureAwait(false);

    public async ValueTask<bool> IsIdleAsync(CancellationToken cancellationToken)
    {
        GetOpen();
        var statistics = await _file.GetStatisticsAsync(cancellationToken).ConfigureAwait(false);
        return statistics is { Ready: 0, WaitingForCallerName: 0 };
    }

    public ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken) => new(
        _open is null ? HealthCheckResult.Unhealthy(_unavailableReason)
        : context.Health.CurrentFailure is { } failure ? HealthCheckResult.Unhealthy($"The inbox file cannot be written: {failure}")
        : HealthCheckResult.Healthy());

    /// <summary>Reads or writes values of handlers; returns a task that completes when it is committed.</summary>
    /// <exception cref="CallInboxUnavailableException">The inbox is not open, or the file cannot be written.</exception>
    public Task<T> RunAsync<T>(Func<HandlerValueTable, ErasureList, T> operation) => GetOpen().Store.RunAsync(operation);

    /// <summary>Closes the callback of a person; returns a task whose result is whether one was open.</summary>
    /// <exception cref="CallInboxUnavailableException">The inbox is not open, or the file cannot be written.</exception>
    public Task<bool> CloseCallbackAsync(CallbackCloseRequest request) => GetOpen().Store.CloseCallbackAsync(request);

    public void Dispose()
    {
        _open?.Loop.Dispose();
        _open?.Store.Dispose();
        _stopping.Dispose();
    }

    /// <summary>The option, unless only the heartbeat of another process is waited for, which may have ended.</summary>
    private TimeSpan LockTimeout => context.Owner.OtherProcess is not null && context.Options.LockTimeout < InboxOwner.MinWait ? InboxOwner.MinWait : context.Options.LockTimeout;

    private bool IsFailing => context.Health.CurrentFailure is not null;

    private OpenInbox GetOpen() => _open ?? throw new CallInboxUnavailableException(_unavailableReason);

    /// <summary>Tries to open the file; returns false when a later attempt may succeed.</summary>
    private bool TryOpen()
    {
        try
        {
            if (SqliteCallStore.TryOpen(context) is { } store)
            {
                var loop = new DueWorkLoop(store, context.Transitions, context.Runner, context.Time);
                store.Start(loop.OnCommitted);
                loop.Start(DueQueryInterval);
                loop.ResumeNameWaits(store.NameWaits);
                _open = new(store, loop);
                _unavailableReason = "";
                _opened.SetResult();
                context.Logger.InboxOpened(context.Path);
                _ = StopHostWhenTakenOverAsync();
                return true;
            }

            var other = context.Owner.OtherProcess is { } process ? $"another process ({process})" : "another process";
            _unavailableReason = $"The inbox file {context.Path} is in use by {other}, and only one process can use it. Stop the other process, or give this one a file of its own (IncomingCalls:Sqlite:Path).";
            return false;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            _unavailableReason = $"The inbox file {context.Path} cannot be opened: {e.Message}";
            context.Health.ReportFailure(e);
            return false;
        }
    }

    private async Task OpenAsync()
    {
        context.Logger.InboxNotOpen(_unavailableReason);
        var started = context.Time.GetTimestamp();
        try
        {
            while (!TryOpen())
            {
                if (!IsFailing && context.Time.GetElapsedTime(started) >= LockTimeout)
                {
                    throw new InvalidOperationException(_unavailableReason);
                }

                await Task.Delay(OpenRetryDelay, context.Time, _stopping.Token).ConfigureAwait(false);
            }

            context.Health.ReportSuccess();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _unavailableReason = e.Message;
            context.Logger.InboxOpenFailed(e.Message);
            lifetime?.StopApplication();
            throw;
        }
    }

    private async Task StopHostWhenTakenOverAsync()
    {
        await context.Health.TakenOver.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lifetime?.StopApplication();
    }

    /// <summary>The store of the open file, with the engine that works on it.</summary>
    private sealed record OpenInbox(SqliteCallStore Store, DueWorkLoop Loop);
}
