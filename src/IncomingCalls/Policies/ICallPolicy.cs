namespace IncomingCalls;

/// <summary>Decides how the events of calls are processed.</summary>
/// <remarks>
/// The policy is called for every notification before anything is stored, on several threads at once. An implementation must be
/// fast and store no state per call. It can be called again for the same notification. If it throws, the notification is quarantined.
/// </remarks>
public interface ICallPolicy
{
    /// <summary>Decides about an event.</summary>
    /// <param name="context">The event to decide about.</param>
    /// <returns>The decision; never null.</returns>
    CallDecision Decide(CallPolicyContext context);
}

/// <summary>The event that a policy decides about.</summary>
public sealed class CallPolicyContext
{
    /// <summary>The kind of event.</summary>
    public required CallEventKind Kind { get; init; }

    /// <summary>Whether the call is incoming or outgoing: the direction of <see cref="Notification"/>, if there is one.</summary>
    /// <value>Default: <see cref="CallDirection.Incoming"/>.</value>
    public CallDirection Direction { get => Notification?.Direction ?? field; init; }

    /// <summary>The number of the instance that was called, or that placed the call.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The notification; null for <see cref="CallEventKind.OutcomeUnknown"/>, and for an outcome that only the call journal has reported.</summary>
    public IncomingCallNotification? Notification { get; init; }
}
