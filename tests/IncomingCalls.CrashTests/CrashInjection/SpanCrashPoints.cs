using System.Diagnostics;

namespace IncomingCalls.CrashTests;

/// <summary>The crash points that the spans of the product mark.</summary>
internal static class SpanCrashPoints
{
    public static ActivityListener Listen(CrashInjector injector)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == IncomingCallsTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span => Reach(injector, LocationAtStart(span.OperationName)),
            ActivityStopped = span => Reach(injector, LocationAtEnd(span)),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static void Reach(CrashInjector injector, CrashLocation? location)
    {
        if (location is { } reached)
        {
            injector.Reach(reached);
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
        // A poll without a notification is not recorded.
        "green_api.receiveNotification" when span.Recorded => CrashLocation.Received,
        "green_api.deleteNotification" => CrashLocation.Deleted,
        _ => null,
    };
}
