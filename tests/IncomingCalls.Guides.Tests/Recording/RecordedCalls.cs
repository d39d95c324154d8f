using System.Collections.Concurrent;

namespace IncomingCalls.Guides.Tests.Recording;

/// <summary>What the handlers of a host received.</summary>
internal sealed class RecordedCalls
{
    public ConcurrentQueue<CallEvent> Events { get; } = [];

    /// <summary>The type and the length of each notification of another type.</summary>
    public ConcurrentQueue<(string Type, int Length)> OtherTypes { get; } = [];
}

internal sealed class CallRecorder(RecordedCalls calls) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        calls.Events.Enqueue(callEvent);
        return ValueTask.CompletedTask;
    }
}

internal sealed class OtherTypeRecorder(RecordedCalls calls) : IOtherNotificationHandler
{
    public ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken)
    {
        calls.OtherTypes.Enqueue((notification.Type, notification.Utf8Json.Length));
        return ValueTask.CompletedTask;
    }
}
