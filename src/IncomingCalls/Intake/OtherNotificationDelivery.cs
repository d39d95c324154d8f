namespace IncomingCalls;

/// <summary>A foreign notification whose handlers have not all succeeded yet.</summary>
internal sealed class OtherNotificationDelivery
{
    /// <summary>The handlers that have, and are not run again.</summary>
    public HashSet<OtherNotificationHandlerRegistration> Succeeded { get; } = [];

    public DeliveryFailureTracker Failures { get; } = new();

    /// <summary>One delivery at a time: a repeat waits for the one under way and does only what is left.</summary>
    public SemaphoreSlim Semaphore { get; } = new(1, 1);
}
