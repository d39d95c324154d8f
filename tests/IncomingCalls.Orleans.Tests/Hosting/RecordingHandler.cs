namespace IncomingCalls.Orleans.Tests.Hosting;

internal sealed class RecordingHandler(EventRecorder told, NodeName node) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await told.BeforeRecording(node.Value, callEvent, cancellationToken);
        told.Events.Enqueue((node.Value, callEvent));
    }
}
