namespace IncomingCalls.AspNetCore.Tests.Hosting;

internal sealed class RecordingHandler(EventRecorder desk) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await desk.OnEvent(cancellationToken);
        desk.Record(callEvent);
    }
}
