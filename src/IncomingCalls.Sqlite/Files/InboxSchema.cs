using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Files;

/// <summary>The tables of an inbox file, and the migration of older files.</summary>
internal static class InboxSchema
{
    /// <summary>The application id in the header of an inbox file, which distinguishes it from other databases: "ICal" in ASCII.</summary>
    private const int ApplicationId = 0x4943616C;

    // Times are Unix milliseconds in UTC. Of a finished call only the row in calls remains; the table work contains the complete state of
    // every call that has pending deliveries or an outcome timeout. Its rows are deleted when the call is finished, and new rows reuse their
    // pages: long-lived rows are small, and rows that change are close together.
    private static readonly string[] Versions =
    [
        """
        CREATE TABLE calls (
            id INTEGER PRIMARY KEY,
            id_instance INTEGER NOT NULL,
            id_message TEXT NOT NULL,
            touched_at INTEGER NOT NULL,
            facts BLOB NOT NULL,
            UNIQUE (id_instance, id_message)
        ) STRICT;

        CREATE TABLE work (
            call_id INTEGER PRIMARY KEY,
            id_instance INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            owed INTEGER NOT NULL,
            waiting_since INTEGER,
            state BLOB NOT NULL
        ) STRICT;
        CREATE INDEX work_due ON work (id_instance, due_at, owed, waiting_since);

        CREATE TABLE dead_letters (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            event_id TEXT NOT NULL,
            handler TEXT NOT NULL,
            id_instance INTEGER NOT NULL,
            id_message TEXT NOT NULL,
            replay_at INTEGER,
            letter BLOB NOT NULL,
            UNIQUE (event_id, handler)
        ) STRICT;
        CREATE INDEX dead_letters_call ON dead_letters (id_instance, id_message);
        CREATE INDEX dead_letters_replay ON dead_letters (replay_at) WHERE replay_at IS NOT NULL;

        CREATE TABLE names (
            id_instance INTEGER NOT NULL,
            chat_id TEXT NOT NULL,
            name TEXT NOT NULL,
            source TEXT NOT NULL,
            expires_at INTEGER NOT NULL,
            PRIMARY KEY (id_instance, chat_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE quarantine (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            reason TEXT NOT NULL,
            explanation TEXT NOT NULL,
            id_instance INTEGER,
            received_at INTEGER NOT NULL,
            length INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            replay_at INTEGER,
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE INDEX quarantine_length ON quarantine (length);
        CREATE INDEX quarantine_replay ON quarantine (replay_at) WHERE replay_at IS NOT NULL;
        """,
    ];

    /// <summary>Checks that a file is new or an inbox file, before anything is written to it.</summary>
    /// <exception cref="InvalidOperationException">The file is not an inbox file, or it was written by a later version.</exception>
    public static void Check(SqliteConnection connection)
    {
        var version = QueryNumber(connection, "PRAGMA user_version");
        if (QueryNumber(connection, "PRAGMA application_id") != ApplicationId && (version != 0 || QueryNumber(connection, "SELECT COUNT(*) FROM sqlite_schema") != 0))
        {
            throw new InvalidOperationException($"The file {connection.DataSource} is a database of another application. Give the inbox a file of its own (IncomingCalls:Sqlite:Path).");
        }

        if (version > Versions.Length)
        {
            throw new InvalidOperationException(
                $"The inbox file {connection.DataSource} was written by a later version of IncomingCalls (schema {version}; this version supports {Versions.Length}). Use that version, or give this one another file (IncomingCalls:Sqlite:Path).");
        }
    }

    /// <summary>Checks that a file has the current schema. Administration does not migrate a file; only the engine does.</summary>
    /// <exception cref="InvalidOperationException">The file is empty, or it was written by an earlier version.</exception>
    public static void CheckIsCurrent(SqliteConnection connection)
    {
        if (QueryNumber(connection, "PRAGMA user_version") < Versions.Length)
        {
            throw new InvalidOperationException($"The file {connection.DataSource} is not an inbox file of this version. Start the host with it once, which creates or migrates it.");
        }
    }

    /// <summary>Migrates a file to the current schema, in one exclusive transaction.</summary>
    public static void Migrate(SqliteConnection connection)
    {
        if (QueryNumber(connection, "PRAGMA user_version") == Versions.Length)
        {
            return;
        }

        Execute(connection, "BEGIN EXCLUSIVE");
        for (var version = QueryNumber(connection, "PRAGMA user_version"); version < Versions.Length; version++)
        {
            Execute(connection, Versions[version]);
        }

        Execute(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Versions.Length}; COMMIT");
    }

    /// <summary>Rewrites the first page of the file with its current content.</summary>
    public static void Rewrite(SqliteConnection connection) => Execute(connection, $"PRAGMA user_version = {Versions.Length}");

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long QueryNumber(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
