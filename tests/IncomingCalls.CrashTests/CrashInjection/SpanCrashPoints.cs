using System.Diagnostics;

namespace IncomingCalls.CrashTests;

/// <summary>The points that the spans of the product tell.</summary>
internal static class SpanCrashPoints
{
    public static ActivityListener Listen(CrashInjector death)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == IncomingCallsTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span => Reach(death, LocationAtStart(span.OperationName)),
            ActivityStopped = span => Reach(death, LocationAtEnd(span)),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static void Reach(CrashInjector death, CrashLocation? point)
    {
        if (point is { } passed)
        {
            death.Reach(passed);
        }
    }

    private static CrashLocation? LocationAtStart(string span) => span switch
    {
        "incoming_calls.accept" => CrashLocation.Reading,
        "green_api.deleteNotification" => CrashLocation.Deleting,
        _ => null,
    };

    private static CrashLocation? LocationAtEnd(Activity span) => span.OperationName switch
    {
        "incoming_calls.accept" => CrashLocation.Acknowledging,
        "incoming_calls.handle" => CrashLocation.Settling,
        // A poll that found nothing is not recorded.
        "green_api.receiveNotification" when span.Recorded => CrashLocation.Received,
        "green_api.deleteNotification" => CrashLocation.Deleted,
        _ => null,
    };
}
