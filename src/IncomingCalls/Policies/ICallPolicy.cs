namespace IncomingCalls;

/// <summary>Decides what becomes of the things that happen to calls.</summary>
/// <remarks>
/// Called from many threads at once, for every notification, before anything is stored: be quick, and keep no state per call.
/// The same notification may be asked about again. An exception sends the notification to quarantine.
/// </remarks>
public interface ICallPolicy
{
    /// <summary>Decides.</summary>
    /// <param name="context">What happened.</param>
    /// <returns>The decision; never null.</returns>
    CallDecision Decide(CallPolicyContext context);
}

/// <summary>What a policy decides about.</summary>
public sealed class CallPolicyContext
{
    /// <summary>What happened.</summary>
    public required CallEventKind Kind { get; init; }

    /// <summary>The account that was called.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The notification; null only for <see cref="CallEventKind.OutcomeUnknown"/>, which no notification brings.</summary>
    public IncomingCallNotification? Notification { get; init; }
}
