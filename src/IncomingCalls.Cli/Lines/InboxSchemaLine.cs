using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>The statements that create or change the tables of a PostgreSQL inbox.</summary>
internal sealed class InboxSchemaLine : IOutputLine
{
    public string Type { get; } = "schema";

    public required string Schema { get; init; }

    /// <summary>The version of the tables after the statements.</summary>
    public required int Version { get; init; }

    public required string Sql { get; init; }

    [JsonIgnore]
    public Style Style => Style.Plain;

    public string ToText(TimeProvider time) => Sql;
}
