using System.Diagnostics;

namespace IncomingCalls.CrashTests;

/// <summary>The points that the spans of the product tell.</summary>
internal static class SpanPoints
{
    public static ActivityListener Listen(Death death)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == IncomingCallsTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span => Pass(death, StartOf(span.OperationName)),
            ActivityStopped = span => Pass(death, EndOf(span)),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static void Pass(Death death, KillPoint? point)
    {
        if (point is { } passed)
        {
            death.Pass(passed);
        }
    }

    private static KillPoint? StartOf(string span) => span switch
    {
        "incoming_calls.accept" => KillPoint.Reading,
        "green_api.deleteNotification" => KillPoint.Deleting,
        _ => null,
    };

    private static KillPoint? EndOf(Activity span) => span.OperationName switch
    {
        "incoming_calls.accept" => KillPoint.Answering,
        "incoming_calls.handle" => KillPoint.Marking,
        // A poll that found nothing is not recorded.
        "green_api.receiveNotification" when span.Recorded => KillPoint.Received,
        "green_api.deleteNotification" => KillPoint.Deleted,
        _ => null,
    };
}
