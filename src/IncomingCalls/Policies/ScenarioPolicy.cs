
using IncomingCalls.Shared;

namespace IncomingCalls.Policies;

/// <summary>The policy unless the host brings its own: the scenario of the instance, as configured at this moment.</summary>
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
