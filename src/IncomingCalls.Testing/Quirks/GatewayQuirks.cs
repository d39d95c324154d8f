namespace IncomingCalls.Testing;

/// <summary>What is odd about how an instance hands its notifications out. They combine.</summary>
/// <remarks>See <see cref="SimulatedInstance.GatewayQuirks"/>. What goes wrong is counted, not left to chance: two runs are alike.</remarks>
[Flags]
public enum GatewayQuirks
{
    /// <summary>Nothing is.</summary>
    None = 0,

    /// <summary>Every other time that receiveNotification has something to hand out, it answers <c>null</c> instead. Reported.</summary>
    EmptyPolls = 1,

    /// <summary>
    /// Every answer, and every request to the webhook, comes late by <see cref="GreenApiSimulatorOptions.SlowBy"/>. Reported for
    /// notifications, of more than ten minutes even.
    /// </summary>
    Slow = 2,

    /// <summary>
    /// Every third request of each method fails, in turn with 502, with 429, by a connection that breaks after the work is done,
    /// and with 500; and every third answer of the webhook is lost on its way, so that the notification is posted again.
    /// The codes are documented; that they come in turn is made up.
    /// </summary>
    Errors = 4,
}
