using IncomingCalls.Shared;

namespace IncomingCalls.Policies;

/// <summary>The default policy: applies the scenario that is currently configured for the instance.</summary>
internal sealed class ScenarioPolicy(LastKnownGoodOptions<IncomingCallsOptions> options, ICallInstances instances) : ICallPolicy
{
    public CallDecision Decide(CallPolicyContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return CallPolicies.For(ScenarioOf(context.IdInstance)).Decide(context);
    }

    private CallScenario ScenarioOf(long idInstance)
    {
        var current = options.CurrentValue;
        return current.InstanceScenarios?.TryGetValue(idInstance, out var scenario) == true
            ? scenario
            : instances.Find(idInstance)?.Scenario ?? current.Scenario ?? CallScenario.AllStatuses;
    }
}
