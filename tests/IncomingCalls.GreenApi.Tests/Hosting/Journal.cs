using System.Collections.Concurrent;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>What the host's own classes were given, and what they are told to do.</summary>
internal sealed class Journal(Pulse pulse)
{
    public ConcurrentQueue<CallEvent> Events { get; } = new();

    public ConcurrentQueue<string> Foreign { get; } = new();

    public Func<CallEvent, CancellationToken, Task> OnEvent { get; set; } = (_, _) => Task.CompletedTask;

    public Func<Task> OnForeign { get; set; } = () => Task.CompletedTask;

    public void Add(CallEvent callEvent)
    {
        Events.Enqueue(callEvent);
        pulse.Beat();
    }

    public void Add(ForeignNotification notification)
    {
        Foreign.Enqueue(notification.Type);
        pulse.Beat();
    }
}
