namespace IncomingCalls.Testing;

/// <summary>Deviations of the call notifications, and of the call journals, from the current documentation. The values can be combined.</summary>
/// <remarks>For all calls of an instance see <see cref="SimulatedInstance.CallQuirks"/>, for one call <see cref="SimulatedCallOptions.Quirks"/>.</remarks>
[Flags]
public enum CallQuirks
{
    /// <summary>Call notifications follow the current documentation.</summary>
    None = 0,

    /// <summary>A call has one notification, without a status, when it rings; its outcome is not reported. Documented from 2021 to 2023.</summary>
    Classic = 1,

    /// <summary>The status of a rejected call is <c>hangUp</c>. Documented in 2023; official clients still compare with this spelling.</summary>
    HangUp = 2,

    /// <summary>Callers are identified by a linked id without a phone number, as with the setting <c>enableLidMode</c>. Documented as beta.</summary>
    Lid = 4,

    /// <summary>In the outcome, <c>from</c> is the called account instead of the caller. Reported.</summary>
    WrongFrom = 8,

    /// <summary>Each notification is delivered twice, as two entries of the queue. Reported.</summary>
    Duplicates = 16,

    /// <summary>
    /// The offer is held back until the outcome has been sent; a call without an outcome sends no notification. Assumed: delays of
    /// minutes were reported, and the vendor does not guarantee an order across servers.
    /// </summary>
    Reordered = 32,

    /// <summary>The outcome is never sent. Assumed: restarts and changed settings can lose it, and the vendor does not guarantee one.</summary>
    LostOutcome = 64,

    /// <summary>
    /// The call was placed by the account of the instance: <c>from</c> is its own <c>wid</c>. Reported. Assumed: the journal has it as an outgoing call to
    /// the caller of the simulated call.
    /// </summary>
    OwnCall = 128,

    /// <summary>
    /// <c>from</c> is the <c>wid</c> of the instance although an account called it, which the journal of incoming calls names. Reported for <c>from</c>,
    /// assumed for the journal.
    /// </summary>
    OwnNumber = 256,

    /// <summary>The <c>idMessage</c> in the journal is not that of the notifications. Assumed: the vendor does not document that they are equal.</summary>
    JournalOtherIds = 512,

    /// <summary>The journal has the status <c>hungUp</c> for a call that was reported as <c>declined</c>. Assumed: its statuses do not include <c>declined</c>.</summary>
    JournalHungUpForDeclined = 1024,

    /// <summary>The <c>chatId</c> in the journal is a linked id, although the notifications have the phone number. Reported.</summary>
    JournalLid = 2048,

    /// <summary>The call appears in the journal two minutes later than <see cref="GreenApiSimulatorOptions.JournalDelay"/>. Assumed.</summary>
    JournalLate = 4096,
}

/// <summary>Faults of an instance: of its methods, and of the delivery of its notifications. The values can be combined.</summary>
/// <remarks>See <see cref="SimulatedInstance.GatewayQuirks"/>. Faults are selected by counters and not at random, so that two runs are the same.</remarks>
[Flags]
public enum GatewayQuirks
{
    /// <summary>Notifications are delivered without faults.</summary>
    None = 0,

    /// <summary>receiveNotification answers <c>null</c> every second time that a notification is waiting. Reported.</summary>
    EmptyPolls = 1,

    /// <summary>
    /// Every response and every request to the webhook is delayed by <see cref="GreenApiSimulatorOptions.SlowBy"/>. Reported for
    /// notifications, with delays of more than ten minutes.
    /// </summary>
    Slow = 2,

    /// <summary>
    /// Every third request of each method fails: in turn with 502, with 429, with a connection that is closed after the request was
    /// executed, and with 500. Every third response of the webhook is lost, so that the notification is posted again. The status
    /// codes are documented; their sequence is an invention of the simulator.
    /// </summary>
    Errors = 4,

    /// <summary>lastIncomingCalls and lastOutgoingCalls are answered with 403 and an HTML page. Assumed for a plan without journals; reported for other methods.</summary>
    JournalOff = 8,
}
