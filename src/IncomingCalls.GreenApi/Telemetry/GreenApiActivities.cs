using System.Diagnostics;

namespace IncomingCalls.GreenApi.Telemetry;

/// <summary>The spans of requests: the method and the instance, and nothing that an address would tell.</summary>
internal static class GreenApiActivities
{
    // The source of the core, so that one AddSource listens to both.
    private static readonly ActivitySource Source = new(
        IncomingCallsTelemetry.ActivitySourceName, typeof(GreenApiActivities).Assembly.GetName().Version?.ToString(3));

    public static Activity? Start(string method, long idInstance)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var activity = Source.StartActivity("green_api." + method, ActivityKind.Client);
        activity?.SetTag("green_api.method", method);
        activity?.SetTag("green_api.instance", idInstance);
        return activity;
    }

    /// <summary>Notes how it ended. A poll that found nothing is not recorded: an idle instance makes thousands a day.</summary>
    public static void End(Activity? activity, GreenApiStatus status, bool isEmpty)
    {
        if (activity is null)
        {
            return;
        }

        activity.SetTag("green_api.status", status.ToString());
        if (isEmpty)
        {
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
        else if (status != GreenApiStatus.Ok)
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }
}
