using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IncomingCalls.LoadTests;

/// <summary>The least that an endpoint needs that answers once a notification is in PostgreSQL: one row per request, inserted and committed. Nothing handles it.</summary>
internal static class InsertBaseline
{
    private const string Insert = "INSERT INTO notifications (id_instance, id_message, status, caller, sent_at) VALUES ($1, $2, $3, $4, $5)";

    public static void Add(IServiceCollection services, string connectionString)
    {
        // Prepared, as those of the inbox are.
        var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 10, AutoPrepareMinUsages = 2 });
        using var command = database.CreateCommand(
            "CREATE TABLE notifications (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id_instance bigint NOT NULL, id_message text NOT NULL, status text NOT NULL, caller text NOT NULL, sent_at bigint NOT NULL)");
        command.ExecuteNonQuery();
        services.AddSingleton(database);
    }

    public static async Task<IResult> InsertAsync(BaselineNotification notification, NpgsqlDataSource database, HandledCounter handled)
    {
        await using var command = database.CreateCommand(Insert);
        foreach (var value in (object[])[notification.InstanceData!.IdInstance, notification.IdMessage!, notification.Status!, notification.From!, notification.Timestamp])
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync();
        handled.Add();
        return Results.Ok();
    }
}
