namespace IncomingCalls.CrashTests.Desk;

/// <summary>A place to die before each handler's effect, and one after it.</summary>
internal sealed class MortalFilter(DeathPoints points) : ICallEventFilter
{
    public async ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
    {
        points.Pass(DeathPoints.Handling);
        await next(context, cancellationToken);
        points.Pass(DeathPoints.Handled);
    }
}
