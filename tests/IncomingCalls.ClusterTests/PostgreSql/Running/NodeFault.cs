namespace IncomingCalls.ClusterTests;

/// <summary>The faults that are injected into nodes of the PostgreSQL inbox and into their database.</summary>
internal enum NodeFault
{
    /// <summary>The node is killed and restarted.</summary>
    Kill = 0,

    /// <summary>The node is asked to stop, and restarted.</summary>
    Terminate,

    /// <summary>The node is paused for a shorter time than the server waits.</summary>
    ShortPause,

    /// <summary>The node is paused until the server has ended its sessions.</summary>
    LongPause,

    /// <summary>The link of the node is down for a time that its connections survive.</summary>
    ShortCutOff,

    /// <summary>The link of the node is down until the server has ended its sessions.</summary>
    LongCutOff,

    /// <summary>Random sessions of the nodes are ended by pg_terminate_backend.</summary>
    EndSessions,

    /// <summary>The server is stopped at once and recovers from its log.</summary>
    RestartDatabase,

    /// <summary>A handler ends its process.</summary>
    FailFast,

    /// <summary>A handler blocks in its transaction.</summary>
    BlockHandler,

    /// <summary>A handler keeps its transaction open for seconds.</summary>
    HoldTransaction,

    /// <summary>A transaction with a snapshot is open for long.</summary>
    HoldSnapshot,
}

/// <summary>Which faults a campaign injects.</summary>
internal enum NodeFaultDeck
{
    /// <summary>All that are possible: links need network namespaces.</summary>
    All = 0,

    /// <summary>All but those of the links.</summary>
    WithoutLinks,

    /// <summary>Links that go down, and the kills that go with them.</summary>
    Links,
}
