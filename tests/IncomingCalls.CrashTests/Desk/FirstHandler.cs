namespace IncomingCalls.CrashTests.Desk;

internal sealed class FirstHandler(Effects effects) : ICallEventHandler
{
    public const string Name = "first";

    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        effects.Write(Name, callEvent);
        return ValueTask.CompletedTask;
    }
}
