namespace IncomingCalls.LoadTests;

/// <summary>What a server process does.</summary>
internal enum ServerKind
{
    /// <summary>A minimal-API endpoint reads the twin record, and that is all.</summary>
    Bare = 0,

    /// <summary>An endpoint reads the body to its end and drops it.</summary>
    Drop,

    /// <summary>A receive and delete loop on a bare client per instance.</summary>
    BarePolls,

    /// <summary>The poller with the inline inbox and one empty handler.</summary>
    Polls,

    /// <summary>The webhook with the inline inbox and one empty handler.</summary>
    Inline,

    /// <summary>The webhook with the SQLite inbox and one empty handler.</summary>
    Sqlite,

    /// <summary>The webhook with the SQLite inbox and an operator notifier that writes down when it was called.</summary>
    SqliteAlerts,

    /// <summary>The webhook with the SQLite inbox and a handler that never comes to an end.</summary>
    SqliteStuck,

    /// <summary>An endpoint that has a grain write its state twice, in a cluster of one silo with Redis.</summary>
    BareGrain,

    /// <summary>The webhook with the Orleans inbox and one empty handler, in a cluster like that.</summary>
    Orleans,
}
