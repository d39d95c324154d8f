using System.Globalization;
using IncomingCalls.Processes;
using Npgsql;

namespace IncomingCalls.LoadTests;

/// <summary>
/// Notifications handled per second with the PostgreSQL inbox beside a transaction that has been open for as many notifications as an hour of 10,000 instances has,
/// so that VACUUM could remove none of their rows, divided by those without such a transaction.
/// </summary>
internal sealed class PostgresOldTransaction : Measurement
{
    /// <summary>46 a second at the peak, for an hour.</summary>
    private const int Notifications = 165_000;
    private const int QuickNotifications = 30_000;
    private static readonly Budget Budget = Budget.AtLeast(0.80);

    public override string Name => "postgres.old_xmin";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var baseline = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Postgres), await PostgresDatabase.CreateAsync(postgres, "baseline")));
        var database = await PostgresDatabase.CreateAsync(postgres, "subject");
        await using var subject = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Postgres), database));
        await using var old = new NpgsqlConnection(database);
        await old.OpenAsync();
        // A snapshot holds back VACUUM in its own database only.
        await using var transaction = await old.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using var command = new NpgsqlCommand("SELECT txid_current()", old, transaction);
        await command.ExecuteScalarAsync();
        var count = options.IsQuick ? QuickNotifications : Notifications;
        await RunAsync(baseline, count);
        await RunAsync(subject, count);
        var figure = (await LoadComparison.RunAsync(baseline, subject, options)).ToFigure(Name, Budget);
        var dead = await PostgresDatabase.QueryAsync<long>(database, "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'deliveries'");
        return [new() { Name = Name, Value = figure.Value, Budget = Budget, Sample = figure.Sample, Detail = string.Create(CultureInfo.InvariantCulture, $"{figure.Detail}; {dead} dead rows of deliveries in the end") }];
    }

    private static async Task RunAsync(WebhookLoad load, long count)
    {
        for (long sent = 0; sent < count;)
        {
            sent += (await load.RunAsync(TimeSpan.FromSeconds(1))).Count;
        }
    }
}
