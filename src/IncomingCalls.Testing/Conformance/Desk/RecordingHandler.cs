namespace IncomingCalls.Testing;

/// <summary>A handler that does what the diary's script says, and writes a line.</summary>
internal abstract class RecordingHandler(string name, HandlerRecorder diary) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await diary.HandlerBehavior(name, callEvent, cancellationToken).ConfigureAwait(false);
        diary.Record($"{name} {callEvent.Kind} {callEvent.Call.Key.IdMessage}", callEvent);
    }
}
