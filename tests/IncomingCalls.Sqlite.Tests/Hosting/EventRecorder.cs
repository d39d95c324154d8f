using System.Collections.Concurrent;

namespace IncomingCalls.Sqlite.Tests.Hosting;

/// <summary>What the handler was told, and what it does first.</summary>
internal sealed class EventRecorder
{
    public ConcurrentQueue<CallEvent> Events { get; } = [];

    public Func<CallEvent, CancellationToken, Task> BeforeRecording { get; set; } = static (_, _) => Task.CompletedTask;
}
