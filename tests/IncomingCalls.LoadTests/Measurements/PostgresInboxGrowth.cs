using IncomingCalls.Processes;

namespace IncomingCalls.LoadTests;

/// <summary>Notifications handled per second with the PostgreSQL inbox beside millions of finished calls, divided by those with empty tables.</summary>
internal sealed class PostgresInboxGrowth : Measurement
{
    private const int Rows = 5_000_000;
    private const int QuickRows = 2_000_000;
    private static readonly Budget Budget = Budget.AtLeast(0.90);

    public override string Name => "inbox.growth.postgres";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var empty = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Postgres), await PostgresDatabase.CreateAsync(postgres, "empty_inbox")));
        var database = await PostgresDatabase.CreateAsync(postgres, "grown_inbox");
        await using var grown = await WebhookLoad.ConnectAsync(await ServerProcess.StartAsync(nameof(ServerKind.Postgres), database));
        // A call as the inbox writes it, and copies of it with other ids, which are spread as those of real calls are.
        await grown.RunAsync(TimeSpan.FromSeconds(0.5));
        await PostgresDatabase.ExecuteAsync(database, $"""
            INSERT INTO incoming_calls.calls (id_instance, id_message, touched_at, state)
            SELECT id_instance, md5(i::text), touched_at, convert_to(replace(convert_from(state, 'UTF8'), id_message, md5(i::text)), 'UTF8')
            FROM generate_series(1, {(options.IsQuick ? QuickRows : Rows)}) AS i, (SELECT * FROM incoming_calls.calls LIMIT 1) AS call
            """);
        await PostgresDatabase.ExecuteAsync(database, "VACUUM ANALYZE incoming_calls.calls");
        return [(await LoadComparison.RunAsync(empty, grown, options)).ToFigure(Name, Budget)];
    }
}
