namespace IncomingCalls;

/// <summary>A column of the scenario table: one decision for each kind of event.</summary>
internal sealed class TablePolicy(CallDecision offered, CallDecision answered, CallDecision dropped, CallDecision missed, CallDecision other)
    : ICallPolicy
{
    public CallDecision Decide(CallPolicyContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Kind switch
        {
            CallEventKind.Offered => offered,
            CallEventKind.Answered => answered,
            CallEventKind.Dropped => dropped,
            CallEventKind.Missed => missed,
            _ => other,
        };
    }
}
