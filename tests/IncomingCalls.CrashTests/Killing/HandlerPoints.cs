namespace IncomingCalls.CrashTests;

/// <summary>The points around a handler.</summary>
internal sealed class HandlerPoints(Death death) : ICallEventFilter
{
    public async ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
    {
        death.Pass(KillPoint.Handling);
        try
        {
            await next(context, cancellationToken);
        }
        finally
        {
            death.Pass(KillPoint.Handled);
        }
    }
}
