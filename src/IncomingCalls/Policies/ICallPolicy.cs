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

    /// <summary>Whether the call is incoming or outgoing.</summary>
    public CallDirection Direction => Notification?.Direction ?? CallDirection.Incoming;

    /// <summary>The number of the instance that was called, or that placed the call.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The notification; null only for <see cref="CallEventKind.OutcomeUnknown"/>, which no notification causes.</summary>
    public IncomingCallNotification? Notification { get; init; }
}
