namespace IncomingCalls.Testing;

/// <summary>A handler that cannot be made.</summary>
internal sealed class FailingConstructorHandler : ICallEventHandler
{
    public const string Name = "broken";

    public FailingConstructorHandler() => throw new InvalidOperationException("This handler cannot be made.");

    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
