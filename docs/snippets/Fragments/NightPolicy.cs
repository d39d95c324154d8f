using IncomingCalls;

namespace Fragments;

#region policy
// Records and alerts by day; by night only the results are recorded, without alerts.
internal sealed class NightPolicy(TimeProvider time) : ICallPolicy
{
    public CallDecision Decide(CallPolicyContext context)
    {
        var isNight = time.GetLocalNow().Hour is < 8 or >= 21;
        return (isNight ? CallPolicies.ResultOnly : CallPolicies.AllStatuses).Decide(context);
    }
}
#endregion
