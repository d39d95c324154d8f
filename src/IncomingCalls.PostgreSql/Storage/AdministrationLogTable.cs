using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;
using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>The table <c>administration_log</c>, which is written in the transaction of the action that it records.</summary>
internal sealed class AdministrationLogTable(InboxSchema schema)
{
    private static readonly JsonTypeInfo<InboxFilter> FilterTypeInfo = (JsonTypeInfo<InboxFilter>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(InboxFilter));

    private readonly string _insert = $"INSERT INTO {schema.AdministrationLog} (at, action, filter, count, performed_by) VALUES ($1, $2, $3, $4, $5)";
    private readonly string _trim = $"DELETE FROM {schema.AdministrationLog} WHERE id <= (SELECT id FROM {schema.AdministrationLog} ORDER BY id DESC LIMIT 1 OFFSET $1)";

    /// <summary>The query for the newest entries, to be read with <see cref="Read"/>. Its parameter is the limit.</summary>
    public string Newest { get; } = $"SELECT id, at, action, filter, count, performed_by FROM {schema.AdministrationLog} ORDER BY id DESC LIMIT $1";

    /// <summary>Reads a row of <see cref="Newest"/>.</summary>
    public static AdministrationLogEntry Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        At = row.GetFieldValue<DateTimeOffset>(1),
        Action = Enum.TryParse<AdministrationAction>(row.GetString(2), out var action) ? action : AdministrationAction.Unrecognized,
        Filter = JsonSerializer.Deserialize(row.GetString(3), FilterTypeInfo) ?? new(),
        Count = row.GetInt32(4),
        PerformedBy = row.IsDBNull(5) ? null : row.GetString(5),
    };

    /// <summary>Inserts an entry, and deletes the oldest ones above the maximum.</summary>
    public async Task InsertAsync(NpgsqlConnection connection, AdministrationLogEntry entry, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Parameter.CreateForBatch(
            _insert,
            Parameter.Of(entry.At.ToUniversalTime()),
            Parameter.Of(entry.Action.ToString()),
            Parameter.Of(JsonSerializer.Serialize(entry.Filter, FilterTypeInfo)),
            Parameter.Of(entry.Count),
            Parameter.OfText(entry.PerformedBy)));
        batch.BatchCommands.Add(Parameter.CreateForBatch(_trim, Parameter.Of((long)AdministrationRequest.MaxLogEntries)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
