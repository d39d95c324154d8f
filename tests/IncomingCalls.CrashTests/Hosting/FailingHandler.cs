namespace IncomingCalls.CrashTests;

/// <summary>Fails and refuses, now and then.</summary>
internal sealed class FailingHandler(EffectsFile effects) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var end = FailureProfile.ResultOf(callEvent.Id, callEvent.Attempt);
        effects.Append(callEvent, HandlerNames.Failing, end);
        return end switch
        {
            EffectResult.Failed => throw new InvalidOperationException("Not in the mood."),
            EffectResult.Rejected => throw new CallEventRejectedException("Never in the mood."),
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
