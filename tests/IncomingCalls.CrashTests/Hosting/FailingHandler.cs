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
