using System.Diagnostics.Tracing;

namespace IncomingCalls.Said;

/// <summary>Hears every logger of a host that has the event source provider, at Debug and above, whatever the host's own filters say.</summary>
internal sealed class LogEventListener : EventListener
{
    /// <summary>Message, arguments and exception as JSON; a keyword of the provider.</summary>
    private const EventKeywords JsonMessage = (EventKeywords)8;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Extensions-Logging")
        {
            EnableEvents(eventSource, EventLevel.Verbose, JsonMessage);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // A web server's own log shows the paths it is asked for, and what stands in them is up to whoever asks.
        if (eventData is { EventName: "MessageJson", Payload: { } payload } && payload[2] is string category && !category.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal))
        {
            OutputRecorder.Write("log", string.Join(' ', payload));
        }
    }
}
