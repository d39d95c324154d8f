using System.Collections.Concurrent;

namespace IncomingCalls.Orleans.Tests.Hosting;

/// <summary>Records the events that the handlers of all nodes of a test receive, with their nodes, and runs an action before.</summary>
internal sealed class EventRecorder
{
    public ConcurrentQueue<(string Node, CallEvent Event)> Events { get; } = [];

    public Func<string, CallEvent, CancellationToken, Task> BeforeRecording { get; set; } = static (_, _, _) => Task.CompletedTask;

    public string[] Lines => [.. Events.Select(received => $"{received.Event.Kind} {received.Event.Call.Key.IdMessage}")];
}

internal sealed class RecordingHandler(EventRecorder recorder, NodeName node) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await recorder.BeforeRecording(node.Value, callEvent, cancellationToken);
        recorder.Events.Enqueue((node.Value, callEvent));
    }
}

internal sealed record NodeName(string Value);
