namespace IncomingCalls.Sqlite.Tests.Hosting;

internal sealed class RecordingHandler(EventRecorder told) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await told.BeforeRecording(callEvent, cancellationToken);
        told.Events.Enqueue(callEvent);
    }
}
