namespace IncomingCalls.CrashTests.Desk;

internal sealed class SecondHandler(Effects effects) : ICallEventHandler
{
    public const string Name = "second";

    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        // Now and then the CRM is down, so that retries are killed too.
        if (Random.Shared.Next(10) == 0)
        {
            throw new InvalidOperationException("The CRM is down.");
        }

        effects.Write(Name, callEvent);
        return ValueTask.CompletedTask;
    }
}
