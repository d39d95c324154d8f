using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Engine;
using IncomingCalls.PostgreSql.Storage;
using IncomingCalls.PostgreSql.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.PostgreSql;

/// <summary>The durable inbox of several nodes: a notification is committed to the database before it is acknowledged.</summary>
internal sealed class PostgreSqlInbox : ICallInbox, ICallHealthSource, IDisposable
{
    private static readonly TimeSpan OpenRetryDelay = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly InboxContext _context;
    private readonly HostDataSource? _host;
    private readonly IHostApplicationLifetime? _lifetime;
    private readonly QuarantineTable _quarantine;
    private readonly CallerNameStore _names;
    private readonly InstanceReceipts _receipts;
    private readonly Maintenance _maintenance;
    private readonly SchemaMigration _migration;
    private Task _opening = Task.CompletedTask;
    private volatile InboxEngine? _engine;
    private volatile string _unavailableReason = "The inbox is not open yet. The gateway sends the notification again.";

    public PostgreSqlInbox(InboxContext context, HostDataSource? host, IHostApplicationLifetime? lifetime)
    {
        _context = context;
        _host = host;
        _lifetime = lifetime;
        _quarantine = new(context.Database.Schema);
        _names = new(context);
        _migration = new(context.Database, context.Options.CreateSchema, context.Time);
        _receipts = new(context);
        _maintenance = new(context, _receipts, _names);
    }

    public bool IsDurable => true;

    public string Name => "inbox";

    public TimeProvider Clock => _context.Time;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_context.Runner.HasHandlers)
        {
            throw new InvalidOperationException("The host has no handler, so this node would accept calls that it cannot handle. Register the same handlers on all nodes.");
        }

        if (!await TryOpenAsync(cancellationToken))
        {
            _opening = OpenAsync();
        }
    }

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _maintenance.StopAsync();
        await _names.StopAsync();
        if (_engine is { } engine)
        {
            await engine.StopAsync(cancellationToken);
        }
        else if (_opening.IsFaulted)
        {
            // Rethrow: the process must not exit as if its shutdown had been requested.
            await _opening;
        }
    }

    public async ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
    {
        var engine = _engine ?? throw new CallInboxUnavailableException(_unavailableReason);
        // The transaction is completed even if the sender is gone: then the redelivery is a duplicate.
        return await GuardAsync(engine.AcceptAsync(received), cancellationToken);
    }

    /// <summary>Closes the callback of a person on behalf of the host; returns a task whose result is whether one was open.</summary>
    /// <exception cref="CallInboxUnavailableException">The inbox is not open, or it is not known whether the callback was closed.</exception>
    public async ValueTask<bool> CloseCallbackAsync(CallbackCloseRequest request, CancellationToken cancellationToken)
    {
        var engine = _engine ?? throw new CallInboxUnavailableException(_unavailableReason);
        return await GuardAsync(engine.CloseCallbackAsync(request), cancellationToken);
    }

    public void RecordReceipt(long idInstance, DateTimeOffset receivedAt, TimeSpan? lag) => _receipts.Record(idInstance, receivedAt, lag);

    public async ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken)
    {
        if (_engine is null)
        {
            throw new CallInboxUnavailableException(_unavailableReason);
        }

        await GuardAsync(InsertAsync(item), cancellationToken);
        _context.Transitions.ReportCommitted(item);
    }

    public async ValueTask<bool> IsIdleAsync(CancellationToken cancellationToken)
    {
        if (_engine is null)
        {
            throw new CallInboxUnavailableException(_unavailableReason);
        }

        // A delivery that runs is still a row that is due.
        var schema = _context.Database.Schema;
        var isBusy = $"""
            SELECT EXISTS (SELECT 1 FROM {schema.Deliveries} d WHERE (due_at <= $1 OR waits_for IN ({(int)DeliveryWait.None}, {(int)DeliveryWait.CallerName}))
              AND NOT EXISTS (SELECT 1 FROM {schema.Pauses} p WHERE p.handler = d.handler AND p.destination = d.destination AND (p.is_unavailable OR p.until > $1)))
            """;
        var now = Parameter.Of(_context.Time.GetUtcNow().ToUniversalTime());
        return await GuardAsync(_context.Database.Other.QueryAsync(isBusy, static row => row.GetBoolean(0), cancellationToken, now), cancellationToken) is [false];
    }

    public async ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        if (_engine is null)
        {
            return HealthCheckResult.Unhealthy(_unavailableReason);
        }

        try
        {
            await _context.Database.RequirePrivilegesAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (DatabaseFailure.Matches(e))
        {
            _context.Health.ReportFailure(e);
            return HealthCheckResult.Unhealthy(DatabaseFailure.Describe(e));
        }
    }

    public void Dispose()
    {
        _engine?.Dispose();
        _maintenance.Dispose();
        _names.Dispose();
        _context.Runner.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Tries to open the inbox; returns false when a later attempt may succeed.</summary>
    /// <exception cref="InvalidOperationException">The schema cannot be used.</exception>
    private async Task<bool> TryOpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(cancellationToken);
            await _context.Database.RequirePrivilegesAsync(cancellationToken);
            await ReportServerAsync(cancellationToken);
            // Without a connection string of its own, the inbox has that of the data source.
            if (_host is not null && _context.Options.ConnectionString is not null)
            {
                await _context.Database.RequireSameAsync(_host.Source, cancellationToken);
            }

            await _context.Time.SynchronizeAsync(_context.Database.Other, cancellationToken);
            // Before anything is accepted for them, with the time of the database: other nodes then leave their deliveries to this one.
            await _maintenance.RecordHandlersAsync(cancellationToken);
            await _names.StartAsync(cancellationToken);
            var engine = new InboxEngine(_context, _receipts);
            engine.Start();
            _maintenance.Start();
            _engine = engine;
            _unavailableReason = "";
            _opened.SetResult();
            return true;
        }
        catch (Exception e) when (DatabaseFailure.Matches(e))
        {
            var reason = DatabaseFailure.Describe(e);
            if (reason != _unavailableReason)
            {
                _context.Logger.InboxNotOpen(reason);
            }

            _unavailableReason = reason;
            return false;
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        var (before, after) = await _migration.EnsureAsync(cancellationToken);
        if (before != after)
        {
            _context.Logger.SchemaMigrated(_context.Options.Schema, before, after);
        }
    }

    private async Task ReportServerAsync(CancellationToken cancellationToken)
    {
        var server = await _context.Database.GetServerAsync(cancellationToken);
        if (server.IsPooled)
        {
            _context.Logger.PoolerDetected();
        }

        if (server.FreeConnectionCount < _context.Database.ConnectionCount)
        {
            _context.Logger.TooFewConnections(_context.Database.ConnectionCount, server.FreeConnectionCount.Value);
        }
    }

    private async Task OpenAsync()
    {
        try
        {
            do
            {
                await Task.Delay(OpenRetryDelay, _context.Time, _stopping.Token);
            }
            while (!await TryOpenAsync(_stopping.Token));
            _context.Logger.InboxOpened(_context.Options.Schema);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _unavailableReason = e.Message;
            _context.Logger.InboxOpenFailed(e.Message);
            _lifetime?.StopApplication();
            throw;
        }
    }

    private async Task<bool> InsertAsync(QuarantinedNotification item)
    {
        await _quarantine.InsertAsync(_context.Database.Accepting, item, CancellationToken.None);
        return true;
    }

    private async Task<T> GuardAsync<T>(Task<T> storing, CancellationToken cancellationToken)
    {
        try
        {
            return await storing.WaitAsync(cancellationToken);
        }
        catch (Exception e) when (DatabaseFailure.Matches(e))
        {
            _context.Health.ReportFailure(e);
            throw new CallInboxUnavailableException(DatabaseFailure.Describe(e), e);
        }
    }
}
