namespace IncomingCalls;

/// <summary>The names of the activity source and the meter of IncomingCalls, for <c>AddSource</c> and <c>AddMeter</c> of OpenTelemetry.</summary>
public static class IncomingCallsTelemetry
{
    /// <summary>The name of the ActivitySource.</summary>
    public const string ActivitySourceName = "IncomingCalls";

    /// <summary>The name of the Meter.</summary>
    public const string MeterName = "IncomingCalls";
}
