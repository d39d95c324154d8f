namespace IncomingCalls.Orleans.Tests.Hosting;

internal sealed class TellingHandler(Told told, NodeName node) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await told.First(node.Value, callEvent, cancellationToken);
        told.Events.Enqueue((node.Value, callEvent));
    }
}
