namespace IncomingCalls.CrashTests;

internal sealed class LedgerHandler(EffectsFile effects) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        effects.Append(callEvent, HandlerNames.Ledger, EffectResult.Done);
        return default;
    }
}
