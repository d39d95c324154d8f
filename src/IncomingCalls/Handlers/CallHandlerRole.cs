namespace IncomingCalls;

/// <summary>What a registered handler does, which decides the events it is owed and how it is retried.</summary>
internal enum CallHandlerRole
{
    /// <summary>The host's own: every handled event of its kinds.</summary>
    Handler = 0,

    /// <summary>A chat recorder: every handled event with a label.</summary>
    Recorder,

    /// <summary>An operator notifier: offers that alert, and what ends such a call. Retried until the alert expires, never given up.</summary>
    Notifier,
}
