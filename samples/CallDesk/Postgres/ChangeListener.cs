using CallDesk.Live;
using CallDesk.Store;
using Npgsql;

namespace CallDesk.Postgres;

/// <summary>
/// Receives the changes of all nodes, this one included, and shows them on the pages that are open here. Only a lost connection can lose a change: after it the
/// pages reload all rows.
/// </summary>
internal sealed class ChangeListener(DeskConnection desk, DeskRowPublisher publisher, TimeProvider time, ILogger<ChangeListener> logger) : BackgroundService
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.ChangesUnreachable(e);
                await Task.Delay(RetryInterval, time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        Queue<DeskChange> received = new();
        await using NpgsqlConnection connection = new(CreateConnectionString(desk.ConnectionString));
        connection.Notification += (_, notification) =>
        {
            if (ChangeNotification.Parse(notification.Payload) is { } change)
            {
                received.Enqueue(change);
            }
        };
        await connection.OpenAsync(cancellationToken);
        await using (NpgsqlCommand listen = new($"LISTEN {ChangeNotification.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        // This connection has not received earlier changes.
        publisher.RequestReload();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
            while (received.TryDequeue(out var change))
            {
                await publisher.PublishAsync(change);
            }
        }
    }

    private static string CreateConnectionString(string desk) => new NpgsqlConnectionStringBuilder(desk)
    {
        ApplicationName = "CallDesk changes",
        Pooling = false,
        // Queries the server after this many seconds of silence: a connection whose other end is gone would look like one without changes.
        KeepAlive = 5,
    }.ConnectionString;
}

internal static partial class ChangeListenerLog
{
    [LoggerMessage(1, LogLevel.Warning, "The connection that receives changes of the desk is lost. Open pages do not show new changes until it is restored, which is attempted every second; then they reload all rows.")]
    public static partial void ChangesUnreachable(this ILogger logger, Exception exception);
}
