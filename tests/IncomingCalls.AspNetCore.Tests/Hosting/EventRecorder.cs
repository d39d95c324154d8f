namespace IncomingCalls.AspNetCore.Tests.Hosting;

/// <summary>Records what the handlers of the host receive, and controls how they behave.</summary>
internal sealed class EventRecorder
{
    private readonly Lock _gate = new();
    private readonly List<CallEvent> _events = [];
    private readonly List<string> _otherTypes = [];

    public IReadOnlyList<CallEvent> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public IReadOnlyList<string> OtherTypes
    {
        get
        {
            lock (_gate)
            {
                return [.. _otherTypes];
            }
        }
    }

    public Func<CancellationToken, Task> OnEvent { get; set; } = _ => Task.CompletedTask;

    public Func<Task> OnOtherNotification { get; set; } = () => Task.CompletedTask;

    public void Record(CallEvent callEvent)
    {
        lock (_gate)
        {
            _events.Add(callEvent);
        }
    }

    public void Record(OtherNotification notification)
    {
        lock (_gate)
        {
            _otherTypes.Add(notification.Type);
        }
    }
}

internal sealed class RecordingHandler(EventRecorder desk) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await desk.OnEvent(cancellationToken);
        desk.Record(callEvent);
    }
}

internal sealed class RecordingOtherNotificationHandler(EventRecorder desk) : IOtherNotificationHandler
{
    public async ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken)
    {
        await desk.OnOtherNotification();
        desk.Record(notification);
    }
}
