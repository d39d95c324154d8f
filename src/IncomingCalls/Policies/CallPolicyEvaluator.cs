using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Policies;

/// <summary>Calls the policy, which can be an implementation of the host, and handles its exceptions.</summary>
internal sealed class CallPolicyEvaluator(ICallPolicy policy, ILogger<CallPolicyEvaluator> logger)
{
    private readonly ILogger _logger = new NonThrowingLogger(logger);

    /// <summary>Gets the decision of the policy.</summary>
    /// <exception cref="CallPolicyException">The policy threw an exception or returned null.</exception>
    /// <exception cref="CallInboxUnavailableException">The options of the policy are currently invalid.</exception>
    public CallDecision Decide(CallPolicyContext context)
    {
        try
        {
            return policy.Decide(context) ?? throw new InvalidOperationException($"{policy.GetType().Name} returned null instead of a decision.");
        }
        catch (OptionsValidationException e)
        {
            // Invalid configuration is not a fault of the notification: it has to be redelivered, not quarantined.
            throw new CallInboxUnavailableException($"{policy.GetType().Name} has invalid options: {e.Message}", e);
        }
        catch (Exception e)
        {
            _logger.PolicyFailed(context.Kind, context.IdInstance, e);
            throw new CallPolicyException($"{policy.GetType().Name} threw {e.GetType().Name}.", e);
        }
    }
}

/// <summary>The exception that is thrown when the policy failed. The message names the policy and the type of its exception, and contains nothing of the notification.</summary>
internal sealed class CallPolicyException(string message, Exception innerException) : Exception(message, innerException);

/// <summary>
/// Registered when the host has registered its own policy. The validation of the options cannot resolve the policy itself, because the policy
/// may depend on the options.
/// </summary>
internal sealed class CustomPolicyMarker;
