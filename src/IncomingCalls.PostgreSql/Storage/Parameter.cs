using Npgsql;
using NpgsqlTypes;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>Creates the positional parameters of commands.</summary>
internal static class Parameter
{
    public static NpgsqlParameter Of<T>(T value)
        where T : notnull => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>A time, which may be null.</summary>
    public static NpgsqlParameter OfTime(DateTimeOffset? value) => new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = value is { } time ? time.ToUniversalTime() : DBNull.Value };

    /// <summary>A number, which may be null.</summary>
    public static NpgsqlParameter OfNumber(long? value) => new() { NpgsqlDbType = NpgsqlDbType.Bigint, Value = value is { } number ? number : DBNull.Value };

    /// <summary>A text, which may be null.</summary>
    public static NpgsqlParameter OfText(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = value is null ? DBNull.Value : value };

    /// <summary>Creates a command.</summary>
    public static NpgsqlCommand Create(NpgsqlConnection connection, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Creates a command of a batch.</summary>
    public static NpgsqlBatchCommand CreateForBatch(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
