namespace IncomingCalls.CrashTests;

/// <summary>Fails and refuses, now and then.</summary>
internal sealed class MoodyHandler(EffectsFile effects) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var end = Moods.Of(callEvent.Id, callEvent.Attempt);
        effects.Append(callEvent, HandlerNames.Moody, end);
        return end switch
        {
            RunEnd.Failed => throw new InvalidOperationException("Not in the mood."),
            RunEnd.Rejected => throw new CallEventRejectedException("Never in the mood."),
            _ => default,
        };
    }
}
