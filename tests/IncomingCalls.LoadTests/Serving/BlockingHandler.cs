namespace IncomingCalls.LoadTests;

/// <summary>A handler that waits until the host stops: everything behind it piles up. It counts what it has begun.</summary>
internal sealed class BlockingHandler(HandledCounter begun) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        begun.Add();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
