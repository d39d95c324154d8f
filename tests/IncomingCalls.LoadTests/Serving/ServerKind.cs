namespace IncomingCalls.LoadTests;

/// <summary>What a server process does.</summary>
internal enum ServerKind
{
    /// <summary>A minimal-API endpoint reads the twin record, and that is all.</summary>
    BaselineEndpoint = 0,

    /// <summary>An endpoint reads the body to its end and drops it.</summary>
    DiscardEndpoint,

    /// <summary>A receive and delete loop on a bare client per instance.</summary>
    BaselinePoller,

    /// <summary>The poller with the inline inbox and one empty handler.</summary>
    Poller,

    /// <summary>The webhook with the inline inbox and one empty handler.</summary>
    InMemory,

    /// <summary>The webhook with the SQLite inbox and one empty handler.</summary>
    Sqlite,

    /// <summary>The webhook with the SQLite inbox and an operator notifier that writes down when it was called.</summary>
    SqliteAlerts,

    /// <summary>The webhook with the SQLite inbox and a handler that never comes to an end.</summary>
    SqliteBlocked,

    /// <summary>An endpoint that has a grain write its state twice, in a cluster of one silo with Redis.</summary>
    BaselineGrain,

    /// <summary>The webhook with the Orleans inbox and one empty handler, in a cluster like that.</summary>
    Orleans,
}
