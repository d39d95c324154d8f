namespace IncomingCalls.Testing;

/// <summary>A handler that cannot be made.</summary>
internal sealed class BrokenHandler : ICallEventHandler
{
    public const string Name = "broken";

    public BrokenHandler() => throw new InvalidOperationException("This handler cannot be made.");

    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
