namespace IncomingCalls.AspNetCore.Tests.Hosting;

internal sealed class DeskHandler(Desk desk) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await desk.OnEvent(cancellationToken);
        desk.Add(callEvent);
    }
}
