using System.Security.Cryptography;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Intake;

/// <summary>
/// Counts the failures of the policy per notification. With the in-memory inbox the gateway redelivers such a notification, until it is given up so
/// that it does not block the calls behind it.
/// </summary>
internal sealed class PolicyFailures(LastKnownGoodOptions<IncomingCallsOptions> options, TimeProvider time, CallMetrics metrics, ILogger<PolicyFailures> logger)
{
    private const int MaxNotifications = 1_000;

    /// <summary>How long the gateway redelivers a notification.</summary>
    private static readonly TimeSpan RedeliveryWindow = TimeSpan.FromHours(24);

    private readonly ExpiringCache<string, DeliveryFailureTracker> _failures = new(time, static () => MaxNotifications);

    /// <summary>Records that the policy has failed for a notification.</summary>
    /// <param name="idInstance">The instance of the notification.</param>
    /// <param name="body">The notification.</param>
    /// <returns>true if the notification is given up; false if the gateway is to redeliver it.</returns>
    public bool RecordFailure(long idInstance, ReadOnlySpan<byte> body)
    {
        var key = Convert.ToHexString(SHA256.HashData(body));
        var failures = _failures.GetOrRenew(key, static _ => new(), RedeliveryWindow);
        if (!failures.RecordFailure(options.CurrentValue, time.GetUtcNow()))
        {
            return false;
        }

        logger.PolicyFailureGivenUp(failures.Failures);
        metrics.RecordGivenUp(idInstance, "policy");
        return true;
    }
}
