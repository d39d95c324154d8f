using System.Collections.Concurrent;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>Records what the classes of the host receive, and controls how they behave.</summary>
internal sealed class EventRecorder(TestSignal pulse)
{
    public ConcurrentQueue<CallEvent> Events { get; } = new();

    public ConcurrentQueue<string> OtherNotifications { get; } = new();

    public Func<CallEvent, CancellationToken, Task> OnEvent { get; set; } = (_, _) => Task.CompletedTask;

    public Func<Task> OnOtherNotification { get; set; } = () => Task.CompletedTask;

    public void Record(CallEvent callEvent)
    {
        Events.Enqueue(callEvent);
        pulse.Notify();
    }

    public void Record(OtherNotification notification)
    {
        OtherNotifications.Enqueue(notification.Type);
        pulse.Notify();
    }
}

internal sealed class RecordingHandler(EventRecorder journal) : ICallEventHandler, IOtherNotificationHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        journal.Record(callEvent);
        await journal.OnEvent(callEvent, cancellationToken);
    }

    public async ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken)
    {
        journal.Record(notification);
        await journal.OnOtherNotification();
    }
}
