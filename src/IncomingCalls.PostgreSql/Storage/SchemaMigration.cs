using Npgsql;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>
/// Brings the tables to the version of this package. One node does so at a time, and the others accept meanwhile: a step waits for a lock for 200 ms at most, since
/// what comes after it waits behind it, and is repeated.
/// </summary>
internal sealed class SchemaMigration(InboxDatabase database, bool mayCreate, TimeProvider time)
{
    /// <summary>How long a step waits for a lock, and everything that comes after it.</summary>
    public const string LockTimeout = "200ms";

    /// <summary>The attempts at a step before the node reports what it waits for; it continues with the next attempt to open the inbox.</summary>
    private const int MaxAttempts = 10;

    /// <summary>SQLSTATE of a table or a schema that does not exist.</summary>
    private static readonly string[] MissingStates = [PostgresErrorCodes.UndefinedTable, PostgresErrorCodes.InvalidSchemaName];

    /// <summary>The time between two attempts: what has waited behind the first one comes first.</summary>
    private static readonly TimeSpan AttemptInterval = TimeSpan.FromMilliseconds(250);

    private readonly InboxSchema _schema = database.Schema;

    private int Target => _schema.Steps[^1].Version;

    /// <summary>Creates or changes the tables where that is needed and allowed, and checks their version.</summary>
    /// <returns>A task whose result is the versions before and after; 0 where there were no tables.</returns>
    /// <exception cref="InvalidOperationException">A step is missing and CreateSchema is false, or a version has written the tables that this one does not know.</exception>
    /// <exception cref="NpgsqlException">The database cannot be used, or a step waits for a lock; a later attempt may succeed.</exception>
    public async Task<(int Before, int After)> EnsureAsync(CancellationToken cancellationToken)
    {
        var before = await FindVersionAsync(cancellationToken);
        // The release after this one has left the tables such that this one can use them.
        if (before > Target + 1)
        {
            throw new InvalidOperationException($"The schema {_schema.Name} was written by a later version of IncomingCalls (schema {before}; this version supports {Target} and {Target + 1}), and nothing in it was changed. Use that version, or another schema (IncomingCalls:PostgreSql:Schema).");
        }

        if (before >= Target)
        {
            return (before, before);
        }

        if (!mayCreate)
        {
            throw CreateMissingException(before);
        }

        await MigrateAsync(cancellationToken);
        return (before, Target);
    }

    private InvalidOperationException CreateMissingException(int version)
    {
        var missing = _schema.Steps.First(step => step.Version > version);
        var problem = version == 0
            ? $"The schema {_schema.Name} has no tables of IncomingCalls, and CreateSchema is false."
            : $"The schema {_schema.Name} has version {version}, step {missing.Version} ({missing.Purpose}) is missing, and CreateSchema is false.";
        return new($"{problem} A DBA executes what 'incoming-calls inbox schema --sql --schema {_schema.Name} --from {missing.Version}' prints; or set IncomingCalls:PostgreSql:CreateSchema.");
    }

    /// <summary>Finds the version of the tables; 0 when there are none.</summary>
    private async Task<int> FindVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await database.Other.QueryAsync($"SELECT version FROM {_schema.Version}", static row => row.GetInt32(0), cancellationToken)).SingleOrDefault();
        }
        catch (PostgresException e) when (MissingStates.Contains(e.SqlState))
        {
            return 0;
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        // A transaction of its own holds the lock, since some steps run outside of one, and a lock of a session would stay with the pooler's.
        await using var guard = await database.Other.OpenConnectionAsync(cancellationToken);
        await using var transaction = await database.Other.BeginTransactionAsync(guard, cancellationToken);
        await LockAsync(guard, cancellationToken);
        // Another node may have migrated before this one had the lock.
        var version = await FindVersionAsync(cancellationToken);
        if (version == 0)
        {
            await CreateSchemaAsync(cancellationToken);
        }

        foreach (var step in _schema.Steps.Where(step => step.Version > version))
        {
            await RunAsync(step, cancellationToken);
        }
    }

    private async Task LockAsync(NpgsqlConnection guard, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(guard);
        // Beside a long step this session is silent.
        batch.BatchCommands.Add(new("SELECT set_config('idle_in_transaction_session_timeout', '0', true), set_config('lock_timeout', '5s', true)"));
        batch.BatchCommands.Add(Parameter.CreateForBatch("SELECT pg_advisory_xact_lock(hashtext($1))", Parameter.Of($"incoming_calls:{_schema.Name}")));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            // A concurrent step would wait for the snapshot of this session.
            await InboxPool.PingAsync(guard, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new SchemaBusyException($"Another node is migrating the schema {_schema.Name}. This node opens its inbox when that is done.", e);
        }
    }

    /// <summary>Creates the schema unless a DBA has created it: then the role needs no right to create one.</summary>
    private async Task CreateSchemaAsync(CancellationToken cancellationToken)
    {
        var existing = await database.Other.QueryAsync("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", static row => row.GetInt32(0), cancellationToken, Parameter.Of(_schema.Name));
        if (existing.Count == 0)
        {
            await database.Other.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {_schema.Name}", cancellationToken);
        }
    }

    private async Task RunAsync(SchemaStep step, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RunOnceAsync(step, cancellationToken);
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                if (attempt == MaxAttempts)
                {
                    throw new SchemaBusyException($"Step {step.Version} of the schema {_schema.Name} ({step.Purpose}) waits for running attempts of handlers or for other transactions on its tables, and is repeated. Other nodes go on accepting.", e);
                }
            }

            await Task.Delay(AttemptInterval, time, cancellationToken);
        }
    }

    private async Task RunOnceAsync(SchemaStep step, CancellationToken cancellationToken)
    {
        await using var connection = await database.Other.OpenConnectionAsync(cancellationToken);
        if (step.IsConcurrent)
        {
            foreach (var sql in step.Statements)
            {
                await ExecuteAsync(connection, sql, cancellationToken);
            }

            await database.Other.ExecuteAsync(step.CreateRecord(_schema), cancellationToken);
            return;
        }

        await using var transaction = await database.Other.BeginTransactionAsync(connection, cancellationToken);
        await ExecuteAsync(connection, $"SET LOCAL lock_timeout = '{LockTimeout}'", cancellationToken);
        foreach (var sql in step.Statements)
        {
            await ExecuteAsync(connection, sql, cancellationToken);
        }

        await ExecuteAsync(connection, step.CreateRecord(_schema), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = Parameter.Create(connection, sql);
        // The creation of an index takes as long as its table is large.
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>The tables cannot be changed yet. A later attempt may succeed.</summary>
internal sealed class SchemaBusyException(string message, Exception innerException) : NpgsqlException(message, innerException);
