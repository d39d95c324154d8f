namespace IncomingCalls.LoadTests;

/// <summary>A handler that waits until the host stops: everything behind it piles up.</summary>
internal sealed class StuckHandler : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
}
