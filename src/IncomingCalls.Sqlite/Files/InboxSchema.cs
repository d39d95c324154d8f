using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Files;

/// <summary>The tables of an inbox file.</summary>
internal static class InboxSchema
{
    /// <summary>The application id in the header of an inbox file, which distinguishes it from other databases: "ICal" in ASCII.</summary>
    private const int ApplicationId = 0x4943616C;

    /// <summary>The version of files that version 1 of IncomingCalls has written.</summary>
    private const int Obsolete = 1;

    private const int Current = 4;

    /// <summary>The oldest version of files that are changed when they are opened.</summary>
    private const int Oldest = 2;

    // A lane with a destination has the instance 0, and one without has an empty destination.
    private const string LanesTable =
        """
        CREATE TABLE lanes (
            handler TEXT NOT NULL,
            destination TEXT NOT NULL,
            id_instance INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            call_id INTEGER NOT NULL,
            waits_for INTEGER NOT NULL,
            deliveries INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            PRIMARY KEY (handler, destination, id_instance, due_at, call_id)
        ) STRICT, WITHOUT ROWID;
        """;

    private const string PausesTable =
        """
        CREATE TABLE pauses (
            handler TEXT NOT NULL,
            destination TEXT NOT NULL,
            since INTEGER NOT NULL,
            until INTEGER NOT NULL,
            is_unavailable INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (handler, destination)
        ) STRICT, WITHOUT ROWID;
        """;

    // The account, or the instance that the id is valid in, is empty or 0 where the person has none, since NULL is not unique. open_since is when the first call of an open callback was missed.
    private const string PersonsTable =
        """
        CREATE TABLE persons (
            id INTEGER PRIMARY KEY,
            account TEXT NOT NULL,
            id_instance INTEGER NOT NULL,
            person TEXT NOT NULL,
            expires_at INTEGER NOT NULL,
            open_since INTEGER,
            state BLOB,
            UNIQUE (account, id_instance, person)
        ) STRICT;
        CREATE INDEX persons_expiry ON persons (expires_at);
        CREATE INDEX persons_open ON persons (open_since, id) WHERE open_since IS NOT NULL;
        """;

    private const string CallsOfPersonIndex = "CREATE INDEX calls_person ON calls (person_id) WHERE person_id IS NOT NULL;";

    private const string QuarantineIndex = "CREATE INDEX quarantine_instance ON quarantine (id_instance, id);";

    private const string AddDestinations =
        $"""
        ALTER TABLE lanes RENAME TO lanes_of_instances;
        {LanesTable}
        INSERT INTO lanes SELECT handler, '', id_instance, due_at, call_id, waits_for, deliveries, received_at FROM lanes_of_instances;
        DROP TABLE lanes_of_instances;
        ALTER TABLE dead_letters ADD COLUMN failed_at INTEGER NOT NULL DEFAULT 0;
        UPDATE dead_letters SET failed_at = CAST(unixepoch('subsec') * 1000 AS INTEGER);
        {QuarantineIndex}
        {PausesTable}
        """;

    // What version 4 adds to the tables of version 3; a new file gets both. A row of names without a number has no phone; of a number that was looked up
    // and is hidden, phone is empty. A row with a number alone has an empty name. The calls that are stored already have no person.
    private const string Version4 =
        $"""
        ALTER TABLE names ADD COLUMN phone TEXT;
        ALTER TABLE names ADD COLUMN phone_expires_at INTEGER;
        {PersonsTable}
        ALTER TABLE calls ADD COLUMN person_id INTEGER;
        {CallsOfPersonIndex}
        """;

    // Times are Unix milliseconds in UTC. Of a finished call only the row in calls remains; the table work contains the pending deliveries of
    // every unfinished call, and the table lanes is the index of what is due when. Their rows are deleted when the call is finished, and new rows
    // reuse their pages: long-lived rows are small, and rows that change are close together.
    private const string Tables =
        $"""
        {LanesTable}
        {PausesTable}
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
            state BLOB NOT NULL
        ) STRICT;

        CREATE TABLE dead_letters (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            event_id TEXT NOT NULL,
            handler TEXT NOT NULL,
            id_instance INTEGER NOT NULL,
            id_message TEXT NOT NULL,
            replay_at INTEGER,
            failed_at INTEGER NOT NULL DEFAULT 0,
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
        {QuarantineIndex}
        """;

    /// <summary>The statements that change a file to the next version, by the version that they change.</summary>
    private static readonly (int Version, string Statements)[] Steps = [(2, AddDestinations), (3, Version4)];

    // Created when the file is claimed, and not with the other tables: files without it are valid.
    private const string OwnerTable =
        """
        CREATE TABLE IF NOT EXISTS owner (
            id INTEGER PRIMARY KEY,
            token TEXT NOT NULL,
            machine TEXT NOT NULL,
            process_id INTEGER NOT NULL,
            heartbeats INTEGER NOT NULL
        ) STRICT
        """;

    // Likewise created when the file is claimed, or with the first action of an operator: an earlier version works on a file with it.
    private const string AdministrationLogTable =
        """
        CREATE TABLE IF NOT EXISTS administration_log (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            action TEXT NOT NULL,
            filter TEXT NOT NULL,
            count INTEGER NOT NULL,
            performed_by TEXT
        ) STRICT
        """;

    // Likewise created when the file is claimed. A number or a text that a key lacks is 0 or empty, since NULL is not unique; value is NULL in a reservation.
    private const string HandlerValueTable =
        """
        CREATE TABLE IF NOT EXISTS handler_values (
            id INTEGER PRIMARY KEY,
            handler TEXT NOT NULL,
            kind INTEGER NOT NULL,
            account TEXT NOT NULL,
            id_instance INTEGER NOT NULL,
            subject TEXT NOT NULL,
            name TEXT NOT NULL,
            expires_at INTEGER NOT NULL,
            value TEXT,
            UNIQUE (handler, kind, account, id_instance, subject, name)
        ) STRICT;
        CREATE INDEX IF NOT EXISTS handler_values_expiry ON handler_values (expires_at);
        """;

    // Likewise created when the file is claimed, or with the first erasure.
    private const string ErasureTable =
        """
        CREATE TABLE IF NOT EXISTS erasures (
            id TEXT PRIMARY KEY,
            at INTEGER NOT NULL,
            report BLOB NOT NULL
        ) STRICT
        """;

    /// <summary>Checks that a file is new or an inbox file, before anything is written to it.</summary>
    /// <exception cref="InvalidOperationException">The file is not an inbox file, or it was written by another version of IncomingCalls.</exception>
    public static void Check(SqliteConnection connection)
    {
        var version = QueryNumber(connection, "PRAGMA user_version");
        if (QueryNumber(connection, "PRAGMA application_id") != ApplicationId && (version != 0 || QueryNumber(connection, "SELECT COUNT(*) FROM sqlite_schema") != 0))
        {
            throw new InvalidOperationException($"The file {connection.DataSource} is a database of another application. Give the inbox a file of its own (IncomingCalls:Sqlite:Path).");
        }

        if (version == Obsolete)
        {
            throw new InvalidOperationException(
                $"The inbox file {connection.DataSource} was written by version 1 of IncomingCalls, and nothing in it was changed: run version 1 until nothing is pending in the file, then move it away and start this version with a new file.");
        }

        if (version > Current)
        {
            throw new InvalidOperationException(
                $"The inbox file {connection.DataSource} was written by a later version of IncomingCalls (schema {version}; this version supports {Current}), and nothing in it was changed. Use that version, or give this one another file (IncomingCalls:Sqlite:Path).");
        }
    }

    /// <summary>Checks that a file that has passed <see cref="Check"/> contains an inbox. Administration does not create one; only the engine does.</summary>
    /// <exception cref="InvalidOperationException">The file is empty.</exception>
    public static void CheckExists(SqliteConnection connection)
    {
        var version = QueryNumber(connection, "PRAGMA user_version");
        if (version is >= Oldest and < Current)
        {
            throw new InvalidOperationException(
                $"The inbox file {connection.DataSource} was written by an earlier version of IncomingCalls (schema {version}; this version supports {Current}). Start the host of this version with it once, which updates it.");
        }

        if (version < Current)
        {
            throw new InvalidOperationException($"The file {connection.DataSource} contains no inbox yet. Start the host with it once, which creates one.");
        }
    }

    /// <summary>Creates the tables of a new file, or changes those of an earlier version, in one exclusive transaction.</summary>
    public static void Create(SqliteConnection connection)
    {
        var version = QueryNumber(connection, "PRAGMA user_version");
        if (version != Current)
        {
            var statements = version < Oldest ? $"{Tables} {Version4}" : string.Join('\n', Steps.Where(step => step.Version >= version).Select(static step => step.Statements));
            Execute(connection, $"BEGIN EXCLUSIVE; {statements} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Current}; COMMIT");
        }
    }

    /// <summary>Returns whether the file has a table that was added to the schema later.</summary>
    public static bool HasTable(SqliteConnection connection, string name) => QueryNumber(connection, $"SELECT COUNT(*) FROM sqlite_schema WHERE name = '{name}'") != 0;

    /// <summary>Creates the table for the owner of the file where it is missing.</summary>
    public static void CreateOwner(SqliteConnection connection) => Execute(connection, OwnerTable);

    /// <summary>Creates the table for the actions of operators where it is missing.</summary>
    public static void CreateAdministrationLog(SqliteConnection connection) => Execute(connection, AdministrationLogTable);

    /// <summary>Creates the table for the values of handlers where it is missing.</summary>
    public static void CreateHandlerValues(SqliteConnection connection) => Execute(connection, HandlerValueTable);

    /// <summary>Creates the table for the reports of erasures where it is missing.</summary>
    public static void CreateErasures(SqliteConnection connection) => Execute(connection, ErasureTable);

    /// <summary>Rewrites the first page of the file with its current content.</summary>
    public static void Rewrite(SqliteConnection connection) => Execute(connection, $"PRAGMA user_version = {Current}");

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
