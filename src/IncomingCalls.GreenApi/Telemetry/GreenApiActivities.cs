using System.Diagnostics;

namespace IncomingCalls.GreenApi.Telemetry;

/// <summary>The spans of requests. They carry the method and the instance, but not the address, which contains the token.</summary>
internal static class GreenApiActivities
{
    // The same name as the source of the core, so that one AddSource covers both.
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

    /// <summary>Sets the status of a span. An empty poll is not recorded: an idle instance makes thousands of them per day.</summary>
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
