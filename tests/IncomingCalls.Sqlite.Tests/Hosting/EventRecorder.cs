using System.Collections.Concurrent;

namespace IncomingCalls.Sqlite.Tests.Hosting;

/// <summary>Records the events that the handler receives, and runs an action before.</summary>
internal sealed class EventRecorder
{
    public ConcurrentQueue<CallEvent> Events { get; } = [];

    public Func<CallEvent, CancellationToken, Task> BeforeRecording { get; set; } = static (_, _) => Task.CompletedTask;
}

internal sealed class RecordingHandler(EventRecorder recorder) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await recorder.BeforeRecording(callEvent, cancellationToken);
        recorder.Events.Enqueue(callEvent);
    }
}
