using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>Asks the policy, which may be the host's and may do anything.</summary>
internal sealed class CallPolicyRunner(ICallPolicy policy, ILogger<CallPolicyRunner> logger)
{
    /// <summary>The decision.</summary>
    /// <exception cref="CallPolicyException">The policy threw, or decided nothing.</exception>
    public CallDecision Decide(CallPolicyContext context)
    {
        try
        {
            return policy.Decide(context) ?? throw new InvalidOperationException($"{policy.GetType().Name} returned no decision.");
        }
        catch (Exception e)
        {
            logger.PolicyFailed(context.Kind, context.IdInstance, e);
            throw new CallPolicyException($"{policy.GetType().Name} failed with {e.GetType().Name}.", e);
        }
    }
}
