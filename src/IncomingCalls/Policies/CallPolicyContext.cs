namespace IncomingCalls;

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
