namespace IncomingCalls.CrashTests;

/// <summary>The points around a handler.</summary>
internal sealed class HandlerCrashPoints(CrashInjector death) : ICallEventFilter
{
    public async ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
    {
        death.Reach(CrashLocation.Handling);
        try
        {
            await next(context, cancellationToken);
        }
        finally
        {
            death.Reach(CrashLocation.Handled);
        }
    }
}
