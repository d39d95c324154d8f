CREATE TABLE calls (
    id_instance bigint,
    id_message text,
    version integer NOT NULL,
    chat_id text,
    caller_name text,
    outcome text NOT NULL,
    offered_at timestamptz,
    outcome_at timestamptz,
    PRIMARY KEY (id_instance, id_message)
);

CREATE TABLE call_log (
    event_id text PRIMARY KEY,
    chat_id text,
    caller_name text,
    text text NOT NULL,
    occurred_at timestamptz NOT NULL
);
