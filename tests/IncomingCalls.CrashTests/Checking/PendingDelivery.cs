namespace IncomingCalls.CrashTests;

/// <summary>A handler that is owed an event, as the inbox says.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Handler">The handler.</param>
/// <param name="FailedAttempts">How many of its attempts are marked as failed.</param>
internal sealed record PendingDelivery(string EventId, string Handler, int FailedAttempts)
{
    /// <summary>What is owed as long as an attempt is not marked.</summary>
    public static PendingDelivery FromEffect(Effect effect) => new(effect.EventId, effect.Handler, effect.Attempt - 1);
}
