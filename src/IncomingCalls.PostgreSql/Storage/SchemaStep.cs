namespace IncomingCalls.PostgreSql.Storage;

/// <summary>A numbered step that changes the tables from the version before to its own.</summary>
internal sealed class SchemaStep
{
    /// <summary>The version of the tables after the step.</summary>
    public required int Version { get; init; }

    /// <summary>What the step does, as a predicate.</summary>
    public required string Purpose { get; init; }

    /// <summary>The statements, without what records the version.</summary>
    public required IReadOnlyList<string> Statements { get; init; }

    /// <summary>
    /// Whether the statements run one by one outside of a transaction, as CREATE INDEX CONCURRENTLY requires. It blocks no statement of a node, and waits for no claim that was pinged. They are
    /// repeated after a failure, so they begin with what removes its remains, such as DROP INDEX CONCURRENTLY IF EXISTS.
    /// </summary>
    public bool IsConcurrent { get; init; }

    /// <summary>Creates the statement that records the version of the step.</summary>
    public string CreateRecord(InboxSchema schema) => $"UPDATE {schema.Version} SET version = {Version} WHERE version < {Version};";

    /// <summary>Creates the script of the step for a DBA.</summary>
    public string CreateScript(InboxSchema schema) => IsConcurrent
        ? $"""
            -- Step {Version} {Purpose}. It does not run in a transaction. If it fails, repeat it.
            {string.Join('\n', Statements)}
            {CreateRecord(schema)}
            """
        : $"""
            -- Step {Version} {Purpose}. If it fails because of the lock timeout, repeat it: the timeout is short, so that nodes go on accepting.
            BEGIN;
            SET LOCAL lock_timeout = '{SchemaMigration.LockTimeout}';
            {string.Join('\n', Statements)}
            {CreateRecord(schema)}
            COMMIT;
            """;
}
