using System.Collections.Concurrent;

namespace IncomingCalls.Sqlite.Tests.Hosting;

/// <summary>What the handler was told, and what it does first.</summary>
internal sealed class EventRecorder
{
    public ConcurrentQueue<CallEvent> Events { get; } = [];

    public Func<CallEvent, CancellationToken, Task> BeforeRecording { get; set; } = static (_, _) => Task.CompletedTask;
}

internal sealed class RecordingHandler(EventRecorder told) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await told.BeforeRecording(callEvent, cancellationToken);
        told.Events.Enqueue(callEvent);
    }
}
