using IncomingCalls;

namespace Fragments;

#region policy
internal sealed class TenantPolicy(ITenants tenants) : ICallPolicy
{
    public CallDecision Decide(CallPolicyContext context) => tenants.ModeOf(context.IdInstance) switch
    {
        TenantMode.Silent => CallDecision.Discard,
        // The call is kept up to date, and nobody is told: a later event knows of it.
        TenantMode.ArchiveOnly => CallDecision.Track,
        // A video call is a support case here: everybody's screen, whatever the scenario says.
        TenantMode.Support when context is { Kind: CallEventKind.Offered, Notification.IsVideo: true } =>
            CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true),
        _ => CallPolicies.ResultOnly.Decide(context),
    };
}
#endregion
