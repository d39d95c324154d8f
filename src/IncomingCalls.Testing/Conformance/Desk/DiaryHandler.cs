namespace IncomingCalls.Testing;

/// <summary>A handler that does what the diary's script says, and writes a line.</summary>
internal abstract class DiaryHandler(string name, Diary diary) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await diary.Script(name, callEvent, cancellationToken).ConfigureAwait(false);
        diary.Write($"{name} {callEvent.Kind} {callEvent.Call.Key.IdMessage}", callEvent);
    }
}
