namespace IncomingCalls;

/// <summary>The names under which IncomingCalls can be observed; pass them to AddSource and AddMeter of OpenTelemetry.</summary>
public static class IncomingCallsTelemetry
{
    /// <summary>The name of the ActivitySource.</summary>
    public const string ActivitySourceName = "IncomingCalls";

    /// <summary>The name of the Meter.</summary>
    public const string MeterName = "IncomingCalls";
}
