namespace IncomingCalls.LoadTests;

/// <summary>The empty handler: it counts, so that what was only answered is not taken for handled.</summary>
internal sealed class CountingHandler(HandledCounter handled) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        handled.Add();
        return ValueTask.CompletedTask;
    }
}
