using IncomingCalls;

namespace Fragments;

#region policy
internal sealed class TenantPolicy(ITenants tenants) : ICallPolicy
{
    public CallDecision Decide(CallPolicyContext context) => tenants.ModeOf(context.IdInstance) switch
    {
        TenantMode.Silent => CallDecision.Discard,
        // The call is updated without an event, so that a later event includes it.
        TenantMode.ArchiveOnly => CallDecision.Track,
        // This tenant treats every video call as a support case: alert the operators, whatever the scenario.
        TenantMode.Support when context is { Kind: CallEventKind.Offered, Notification.IsVideo: true } =>
            CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true),
        _ => CallPolicies.ResultOnly.Decide(context),
    };
}
#endregion
