using IncomingCalls;

namespace Fragments;

#region policy
// By day everything; by night nobody is woken, and the morning finds the results.
internal sealed class NightPolicy(TimeProvider time) : ICallPolicy
{
    public CallDecision Decide(CallPolicyContext context)
    {
        var isNight = time.GetLocalNow().Hour is < 8 or >= 21;
        return (isNight ? CallPolicies.ResultOnly : CallPolicies.AllStatuses).Decide(context);
    }
}
#endregion
