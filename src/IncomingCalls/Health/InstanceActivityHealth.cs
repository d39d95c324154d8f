using System.Globalization;
using IncomingCalls.Inbox;
using IncomingCalls.Instances;
using IncomingCalls.Shared;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Health;

/// <summary>
/// Reports when the last notification of each instance was received. Degraded while an instance is inactive for longer than
/// <see cref="IncomingCallsOptions.InactivityThreshold"/>; never Unhealthy, because there may have been no calls, and a restart would not help.
/// </summary>
internal sealed class InstanceActivityHealth(
    ICallInstances instances, InstanceActivityTracker activity, LastKnownGoodOptions<IncomingCallsOptions> options, TimeProvider time) : ICallHealthSource
{
    /// <summary>The maximum number of listed instances, the longest inactive first, so that the report remains readable.</summary>
    private const int MaxListed = 10;

    public string Name => "receipts";

    public ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        var leastActive = instances.Current
            .Select(instance => (instance.IdInstance, At: activity.LastReceiptOf(instance.IdInstance)))
            .OrderBy(last => last.At ?? activity.StartedAt)
            .Take(MaxListed)
            .ToArray();
        var data = leastActive.ToDictionary(last => Number(last.IdInstance), last => (object)(last.At is { } at ? Text(at) : $"nothing since {Text(activity.StartedAt)}"));
        var threshold = options.CurrentValue.InactivityThreshold;
        var now = time.GetUtcNow();
        var inactive = leastActive.Where(last => threshold is not null && now - (last.At ?? activity.StartedAt) > threshold).Select(last => Number(last.IdInstance)).ToArray();
        return new(inactive.Length == 0
            ? HealthCheckResult.Healthy(data: data)
            : HealthCheckResult.Degraded(
                $"No notification was received for more than {threshold:c} from these instances: {string.Join(", ", inactive)}. Run the doctor to find the cause.", data: data));
    }

    private static string Number(long idInstance) => idInstance.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
}
