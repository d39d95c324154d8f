namespace IncomingCalls.CrashTests;

internal sealed class BoardHandler(EffectsFile effects) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        effects.Append(callEvent, HandlerNames.Board, EffectResult.Done);
        return default;
    }
}
