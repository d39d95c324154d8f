using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Files;

/// <summary>The tables of an inbox file, and how an older file gets them.</summary>
internal static class InboxSchema
{
    /// <summary>Tells our files from everybody else's: "ICal" in ASCII.</summary>
    private const int ApplicationId = 0x4943616C;

    // Times are Unix milliseconds in UTC. A row of calls is all that is left of a finished call; work holds the whole call while
    // there is something to do. Its rows go when that is done, and the next ones take their pages: what is kept for days stays
    // small, and what changes stays close together.
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

    /// <summary>Looks at a file before anything is written to it.</summary>
    /// <exception cref="InvalidOperationException">It is no inbox, or one of a later version.</exception>
    public static void Check(SqliteConnection connection)
    {
        var version = Number(connection, "PRAGMA user_version");
        if (Number(connection, "PRAGMA application_id") != ApplicationId && (version != 0 || Number(connection, "SELECT COUNT(*) FROM sqlite_schema") != 0))
        {
            throw new InvalidOperationException($"The file {connection.DataSource} is a database of something else. Give the inbox a file of its own (IncomingCalls:Sqlite:Path).");
        }

        if (version > Versions.Length)
        {
            throw new InvalidOperationException(
                $"The inbox file {connection.DataSource} was written by a later version of IncomingCalls (schema {version}; this one knows {Versions.Length}). Use that version, or a file of its own (IncomingCalls:Sqlite:Path).");
        }
    }

    /// <summary>Whoever administers a file does not bring it up to date: that is for the engine.</summary>
    /// <exception cref="InvalidOperationException">It is empty, or of an earlier version.</exception>
    public static void CheckIsCurrent(SqliteConnection connection)
    {
        if (Number(connection, "PRAGMA user_version") < Versions.Length)
        {
            throw new InvalidOperationException($"The file {connection.DataSource} is no inbox of this version yet: start the host with it once.");
        }
    }

    /// <summary>Brings a file up to date, in one transaction that nobody else can read between.</summary>
    public static void Migrate(SqliteConnection connection)
    {
        if (Number(connection, "PRAGMA user_version") == Versions.Length)
        {
            return;
        }

        Execute(connection, "BEGIN EXCLUSIVE");
        for (var version = Number(connection, "PRAGMA user_version"); version < Versions.Length; version++)
        {
            Execute(connection, Versions[version]);
        }

        Execute(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Versions.Length}; COMMIT");
    }

    /// <summary>Writes the first page of the file as it is.</summary>
    public static void Rewrite(SqliteConnection connection) => Execute(connection, $"PRAGMA user_version = {Versions.Length}");

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
