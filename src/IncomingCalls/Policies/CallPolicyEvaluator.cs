using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Policies;

/// <summary>Asks the policy, which may be the host's and may do anything.</summary>
internal sealed class CallPolicyEvaluator(ICallPolicy policy, ILogger<CallPolicyEvaluator> logger)
{
    /// <summary>The decision.</summary>
    /// <exception cref="CallPolicyException">The policy threw, or decided nothing.</exception>
    /// <exception cref="CallInboxUnavailableException">The policy's options are wrong at this moment.</exception>
    public CallDecision Decide(CallPolicyContext context)
    {
        try
        {
            return policy.Decide(context) ?? throw new InvalidOperationException($"{policy.GetType().Name} returned no decision.");
        }
        catch (OptionsValidationException e)
        {
            // A typo in the configuration says nothing about this notification: it must come again, not go to quarantine.
            throw new CallInboxUnavailableException($"{policy.GetType().Name} could not read its options: {e.Message}", e);
        }
        catch (Exception e)
        {
            logger.PolicyFailed(context.Kind, context.IdInstance, e);
            throw new CallPolicyException($"{policy.GetType().Name} failed with {e.GetType().Name}.", e);
        }
    }
}

/// <summary>The policy failed; the message names it and the type of its exception, and nothing of the notification.</summary>
internal sealed class CallPolicyException(string message, Exception innerException) : Exception(message, innerException);

/// <summary>
/// Stands among the services where the host brought its own policy. The policy itself may need the options, so their
/// validation cannot ask for it.
/// </summary>
internal sealed class CustomPolicyMarker;
