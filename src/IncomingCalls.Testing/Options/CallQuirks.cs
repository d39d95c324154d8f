namespace IncomingCalls.Testing;

/// <summary>What is odd about the notifications of a call. They combine.</summary>
/// <remarks>For an instance see <see cref="SimulatedInstance.CallQuirks"/>, for one call <see cref="SimulatedCallOptions.Quirks"/>.</remarks>
[Flags]
public enum CallQuirks
{
    /// <summary>Calls are told as the documentation of today says.</summary>
    None = 0,

    /// <summary>One notification without a status when it rings, and nothing of how it ends. Documented from 2021 to 2023.</summary>
    Classic = 1,

    /// <summary>A refusal is spelled <c>hangUp</c>. Documented in 2023; official clients still compare with it.</summary>
    HangUp = 2,

    /// <summary>People are named by linked id, without a phone number, as under the setting <c>enableLidMode</c>. Documented as beta.</summary>
    Lid = 4,

    /// <summary>The outcome's <c>from</c> is the account that was called, not the caller. Reported.</summary>
    WrongFrom = 8,

    /// <summary>Each notification comes twice, as two entries of the queue. Reported.</summary>
    Duplicates = 16,

    /// <summary>
    /// The outcome comes before the offer, which is kept back until then; of a call without an outcome nothing comes. Assumed:
    /// delays of minutes were reported, and nobody promises an order across servers.
    /// </summary>
    Reordered = 32,

    /// <summary>No outcome ever comes. Assumed: restarts and changed settings swallow them, and nobody promises one.</summary>
    LostOutcome = 64,

    /// <summary>The call was placed by the account itself: <c>from</c> is its own <c>wid</c>. Reported.</summary>
    OwnCall = 128,
}

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
