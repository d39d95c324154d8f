using System.Collections.Concurrent;

namespace IncomingCalls.Orleans.Tests.Hosting;

/// <summary>What the handlers of all nodes of a test were told, where, and what they do first.</summary>
internal sealed class EventRecorder
{
    public ConcurrentQueue<(string Node, CallEvent Event)> Events { get; } = [];

    public Func<string, CallEvent, CancellationToken, Task> BeforeRecording { get; set; } = static (_, _, _) => Task.CompletedTask;

    public string[] Lines => [.. Events.Select(told => $"{told.Event.Kind} {told.Event.Call.Key.IdMessage}")];
}

internal sealed class RecordingHandler(EventRecorder told, NodeName node) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await told.BeforeRecording(node.Value, callEvent, cancellationToken);
        told.Events.Enqueue((node.Value, callEvent));
    }
}

internal sealed record NodeName(string Value);
