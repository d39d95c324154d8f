namespace IncomingCalls.Sqlite.Tests.Hosting;

internal sealed class TellingHandler(Told told) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await told.First(callEvent, cancellationToken);
        told.Events.Enqueue(callEvent);
    }
}
