namespace IncomingCalls.CrashTests;

/// <summary>A handler that fails and rejects as <see cref="FailureProfile"/> decides.</summary>
internal sealed class FailingHandler(EffectsFile effects) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var result = FailureProfile.ResultOf(callEvent.Id, callEvent.Attempt);
        effects.Append(callEvent, HandlerNames.Failing, result);
        return result switch
        {
            EffectResult.Failed => throw new InvalidOperationException("Simulated failure."),
            EffectResult.Rejected => throw new CallEventRejectedException("Simulated rejection."),
            _ => default,
        };
    }
}

internal sealed class LedgerHandler(EffectsFile effects) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        effects.Append(callEvent, HandlerNames.Ledger, EffectResult.Done);
        return default;
    }
}

internal sealed class BoardHandler(EffectsFile effects) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        effects.Append(callEvent, HandlerNames.Board, EffectResult.Done);
        return default;
    }
}
