namespace IncomingCalls.Testing;

/// <summary>What the API calls a state. Documented.</summary>
internal static class SimulatedStateText
{
    /// <summary>The name; null for what the API has no name for.</summary>
    public static string? ToWire(SimulatedState state) => state switch
    {
        SimulatedState.Authorized => "authorized",
        SimulatedState.NotAuthorized => "notAuthorized",
        SimulatedState.Blocked => "blocked",
        SimulatedState.Starting => "starting",
        SimulatedState.YellowCard => "yellowCard",
        SimulatedState.Suspended => "suspended",
        SimulatedState.SleepMode => "sleepMode",
        SimulatedState.PendingPassword => "pendingPassword",
        _ => null,
    };
}
