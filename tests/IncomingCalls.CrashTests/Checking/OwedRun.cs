namespace IncomingCalls.CrashTests;

/// <summary>A handler that is owed an event, as the inbox file says.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Handler">The handler.</param>
/// <param name="Attempts">How many of its attempts are marked as failed.</param>
internal sealed record OwedRun(string EventId, string Handler, int Attempts);
