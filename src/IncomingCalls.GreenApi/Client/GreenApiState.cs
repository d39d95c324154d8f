namespace IncomingCalls;

/// <summary>The state of an instance and its wire text.</summary>
public sealed class GreenApiState
{
    /// <summary>The state.</summary>
    public required GreenApiInstanceState State { get; init; }

    /// <summary>The state as the API writes it; null while the instance is being created.</summary>
    public string? RawState { get; init; }

    internal static GreenApiState FromWire(string? raw) => new() { RawState = raw, State = ParseState(raw) };

    private static GreenApiInstanceState ParseState(string? raw) => raw?.ToUpperInvariant() switch
    {
        "AUTHORIZED" => GreenApiInstanceState.Authorized,
        "NOTAUTHORIZED" => GreenApiInstanceState.NotAuthorized,
        "BLOCKED" => GreenApiInstanceState.Blocked,
        "SLEEPMODE" => GreenApiInstanceState.SleepMode,
        "STARTING" or null => GreenApiInstanceState.Starting,
        "SUSPENDED" or "YELLOWCARD" => GreenApiInstanceState.Suspended,
        "PENDINGPASSWORD" => GreenApiInstanceState.PendingPassword,
        _ => GreenApiInstanceState.Unknown,
    };
}
