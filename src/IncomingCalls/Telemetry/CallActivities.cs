using System.Diagnostics;

namespace IncomingCalls.Telemetry;

/// <summary>The spans of the core.</summary>
internal static class CallActivities
{
    public const string Accept = "incoming_calls.accept";
    public const string Handle = "incoming_calls.handle";

    private static readonly ActivitySource Source = new(
        IncomingCallsTelemetry.ActivitySourceName, typeof(CallActivities).Assembly.GetName().Version?.ToString(3));

    public static Activity? StartAccept() => Source.StartActivity(Accept, ActivityKind.Consumer);

    /// <param name="handler">The handler.</param>
    /// <param name="kind">The kind of event.</param>
    /// <param name="receipt">The trace context of the receipt when its activity has ended; default for the current activity.</param>
    public static Activity? StartHandle(string handler, CallEventKind kind, ActivityContext receipt)
    {
        var activity = Source.StartActivity(Handle, ActivityKind.Internal, receipt);
        activity?.SetTag(CallTags.Handler, handler);
        activity?.SetTag(CallTags.Kind, kind.ToString());
        return activity;
    }
}
