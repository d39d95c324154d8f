namespace IncomingCalls.PostgreSql.Storage;

/// <summary>The tables of the inbox, and the steps that create and change them.</summary>
/// <param name="schema">The name of the schema, which the options have validated.</param>
internal sealed class InboxSchema(string schema)
{
    public string Name => schema;

    /// <summary>The table with the version of the schema, in one row.</summary>
    public string Version { get; } = $"{schema}.version";

    public string Calls { get; } = $"{schema}.calls";

    public string Deliveries { get; } = $"{schema}.deliveries";

    public string Starts { get; } = $"{schema}.starts";

    /// <summary>The deliveries whose handler takes part in the transaction of its claim.</summary>
    public string Guards { get; } = $"{schema}.guards";

    public string DeadLetters { get; } = $"{schema}.dead_letters";

    public string Quarantine { get; } = $"{schema}.quarantine";

    /// <summary>The values of handlers.</summary>
    public string HandlerValues { get; } = $"{schema}.handler_values";

    public string Names { get; } = $"{schema}.names";

    public string Handlers { get; } = $"{schema}.handlers";

    /// <summary>When the last notification of each instance was received.</summary>
    public string Instances { get; } = $"{schema}.instances";

    /// <summary>The destinations to which deliveries are paused.</summary>
    public string Pauses { get; } = $"{schema}.pauses";

    /// <summary>The next permits of the rate limits.</summary>
    public string Permits { get; } = $"{schema}.permits";

    /// <summary>The persons that calls belong to, with their callbacks.</summary>
    public string Persons { get; } = $"{schema}.persons";

    /// <summary>The person of each call.</summary>
    public string PersonCalls { get; } = $"{schema}.person_calls";

    public string AdministrationLog { get; } = $"{schema}.administration_log";

    /// <summary>The reports of erasures.</summary>
    public string Erasures { get; } = $"{schema}.erasures";

    /// <summary>All tables that a node writes to.</summary>
    public string[] WrittenTables => [Calls, Deliveries, Starts, Guards, DeadLetters, Quarantine, HandlerValues, Names, Handlers, Instances, Pauses, Permits, Persons, PersonCalls, AdministrationLog, Erasures];

    /// <summary>
    /// The steps, in the order of their versions. A released step does not change. A release has at most one new step, and it must leave the tables such that the release
    /// before it still accepts and handles: columns are added with a default, and dropped one release after their last use.
    /// </summary>
    public IReadOnlyList<SchemaStep> Steps
    {
        get => field ??
        [
            new() { Version = 1, Purpose = "creates the tables", Statements = [Tables] },
            new() { Version = 2, Purpose = "adds the phone numbers of callers, the persons of calls and the erasures", Statements = [.. PhoneColumns, PersonTables, ErasureTable] },
        ];
        init;
    }

    /// <summary>Of a number that was looked up and is hidden, phone is empty; a row with a number alone has an empty name.</summary>
    private IReadOnlyList<string> PhoneColumns => [$"ALTER TABLE {Names} ADD COLUMN phone text;", $"ALTER TABLE {Names} ADD COLUMN phone_expires_at timestamptz;"];

    /// <summary>
    /// The statements that create version 1. Deliveries have no foreign key to calls: a claim would lock the call's row against accepting. The table
    /// starts is not logged: it only counts attempts that a crash of a node has ended, and a crash of the server empties it.
    /// </summary>
    private string Tables => $"""
        CREATE TABLE {Version} (version integer NOT NULL);
        INSERT INTO {Version} VALUES (1);

        CREATE TABLE {Calls} (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id_instance bigint NOT NULL,
            id_message text COLLATE "C" NOT NULL,
            touched_at timestamptz NOT NULL,
            outcome_due_at timestamptz,
            state bytea NOT NULL,
            UNIQUE (id_instance, id_message)
        );
        CREATE INDEX calls_outcome ON {Calls} (outcome_due_at) WHERE outcome_due_at IS NOT NULL;
        CREATE INDEX calls_touched ON {Calls} (touched_at);

        CREATE TABLE {Deliveries} (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            call_id bigint NOT NULL,
            id_instance bigint NOT NULL,
            handler text COLLATE "C" NOT NULL,
            destination text COLLATE "C" NOT NULL DEFAULT '',
            lane_instance bigint GENERATED ALWAYS AS (CASE WHEN destination = '' THEN id_instance ELSE 0 END) STORED,
            due_at timestamptz NOT NULL,
            attempts integer NOT NULL,
            waits_for smallint NOT NULL,
            is_notifier boolean NOT NULL,
            format smallint NOT NULL,
            received_at timestamptz NOT NULL,
            event bytea NOT NULL
        ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
        CREATE INDEX deliveries_due ON {Deliveries} (due_at);
        CREATE INDEX deliveries_lane ON {Deliveries} (handler, destination, lane_instance, due_at, id);
        CREATE INDEX deliveries_call ON {Deliveries} (call_id, handler, id);

        CREATE UNLOGGED TABLE {Starts} (
            delivery_id bigint PRIMARY KEY,
            attempts integer NOT NULL,
            started_at timestamptz NOT NULL,
            outcome smallint,
            retry_after_ms bigint,
            destination text,
            error bytea
        );

        CREATE TABLE {Guards} (delivery_id bigint PRIMARY KEY);
        CREATE FUNCTION {schema}.refuse_commit() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $function$
        BEGIN
            IF EXISTS (SELECT 1 FROM {Guards} WHERE delivery_id = NEW.delivery_id) THEN
                RAISE EXCEPTION 'IncomingCalls: the inbox commits the transaction of an event, and a handler must not. Remove Commit and SET CONSTRAINTS from the handler (ICallEventTransaction).';
            END IF;
            RETURN NULL;
        END $function$;
        CREATE CONSTRAINT TRIGGER guards_commit AFTER INSERT ON {Guards} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.refuse_commit();

        CREATE TABLE {DeadLetters} (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            event_id text COLLATE "C" NOT NULL,
            handler text COLLATE "C" NOT NULL,
            id_instance bigint NOT NULL,
            id_message text COLLATE "C" NOT NULL,
            replay_at timestamptz,
            failed_at timestamptz NOT NULL,
            letter bytea NOT NULL,
            UNIQUE (event_id, handler)
        );
        CREATE INDEX dead_letters_call ON {DeadLetters} (id_instance, id_message);
        CREATE INDEX dead_letters_replay ON {DeadLetters} (replay_at) WHERE replay_at IS NOT NULL;

        CREATE TABLE {Quarantine} (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            reason text NOT NULL,
            explanation text NOT NULL,
            id_instance bigint,
            received_at timestamptz NOT NULL,
            sha256 text NOT NULL,
            replay_at timestamptz,
            bytes bytea NOT NULL
        );
        CREATE INDEX quarantine_instance ON {Quarantine} (id_instance, id);
        CREATE INDEX quarantine_replay ON {Quarantine} (replay_at) WHERE replay_at IS NOT NULL;

        CREATE TABLE {HandlerValues} (
            handler text COLLATE "C" NOT NULL,
            kind smallint NOT NULL,
            account text COLLATE "C" NOT NULL,
            id_instance bigint NOT NULL,
            subject text COLLATE "C" NOT NULL,
            name text COLLATE "C" NOT NULL,
            expires_at timestamptz NOT NULL,
            value bytea,
            PRIMARY KEY (handler, kind, account, id_instance, subject, name)
        );
        CREATE INDEX handler_values_expiry ON {HandlerValues} (expires_at);

        CREATE TABLE {Names} (
            id_instance bigint NOT NULL,
            chat_id text COLLATE "C" NOT NULL,
            name text NOT NULL,
            source text NOT NULL,
            expires_at timestamptz NOT NULL,
            PRIMARY KEY (id_instance, chat_id)
        );
        CREATE INDEX names_expiry ON {Names} (expires_at);

        CREATE TABLE {Instances} (
            id_instance bigint PRIMARY KEY,
            received_at timestamptz NOT NULL,
            late_until timestamptz
        );

        CREATE TABLE {Handlers} (
            handler text COLLATE "C" PRIMARY KEY,
            seen_at timestamptz NOT NULL
        );

        CREATE TABLE {Pauses} (
            handler text COLLATE "C" NOT NULL,
            destination text COLLATE "C" NOT NULL,
            since timestamptz NOT NULL,
            until timestamptz NOT NULL,
            is_unavailable boolean NOT NULL,
            failures integer NOT NULL,
            reason text NOT NULL,
            probe_until timestamptz,
            PRIMARY KEY (handler, destination)
        );

        CREATE TABLE {Permits} (
            handler text COLLATE "C" NOT NULL,
            partition text COLLATE "C" NOT NULL,
            next_at timestamptz NOT NULL,
            PRIMARY KEY (handler, partition)
        );

        CREATE TABLE {AdministrationLog} (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            at timestamptz NOT NULL,
            action text NOT NULL,
            filter text NOT NULL,
            count integer NOT NULL,
            performed_by text
        );
        """;

    /// <summary>
    /// The tables of persons. The person of a call is not a column of calls, whose index would be created while nothing can be accepted. The account, or the instance that
    /// the id is valid in, is empty or 0 where the person has none, since NULL is not unique. open_since is when the first call of an open callback was missed. A node of the release before deletes calls as well, hence the foreign key.
    /// </summary>
    private string PersonTables => $"""
        CREATE TABLE {Persons} (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            account text COLLATE "C" NOT NULL,
            id_instance bigint NOT NULL,
            person text COLLATE "C" NOT NULL,
            expires_at timestamptz NOT NULL,
            open_since timestamptz,
            state bytea,
            UNIQUE (account, id_instance, person)
        );
        CREATE INDEX persons_expiry ON {Persons} (expires_at);
        CREATE INDEX persons_open ON {Persons} (open_since, id) WHERE open_since IS NOT NULL;

        CREATE TABLE {PersonCalls} (
            call_id bigint PRIMARY KEY REFERENCES {Calls} (id) ON DELETE CASCADE,
            person_id bigint NOT NULL
        );
        CREATE INDEX person_calls_person ON {PersonCalls} (person_id);
        """;

    /// <summary>The table of erasures. Accepting reads those after the time of a notification, which for most notifications are none.</summary>
    private string ErasureTable => $"""
        CREATE TABLE {Erasures} (
            id uuid PRIMARY KEY,
            at timestamptz NOT NULL,
            report bytea NOT NULL
        );
        CREATE INDEX erasures_at ON {Erasures} (at);
        """;
}
