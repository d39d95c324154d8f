using System.Globalization;
using IncomingCalls.Inbox;
using IncomingCalls.Instances;
using IncomingCalls.Shared;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Health;

/// <summary>
/// Tells when the instances were last heard of; Degraded while one is silent for longer than <see cref="IncomingCallsOptions.InactivityThreshold"/>.
/// Never Unhealthy: nobody may have called, and a restart would not help.
/// </summary>
internal sealed class InstanceActivityHealth(
    ICallInstances instances, InstanceActivityTracker receipts, LastKnownGoodOptions<IncomingCallsOptions> options, TimeProvider time) : ICallHealthSource
{
    /// <summary>A report is read by a person: the longest silent are named.</summary>
    private const int MaxListed = 10;

    public string Name => "receipts";

    public ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        var quietest = instances.Current
            .Select(instance => (instance.IdInstance, At: receipts.LastReceiptOf(instance.IdInstance)))
            .OrderBy(last => last.At ?? receipts.StartedAt)
            .Take(MaxListed)
            .ToArray();
        var data = quietest.ToDictionary(last => Number(last.IdInstance), last => (object)(last.At is { } at ? Text(at) : $"nothing since {Text(receipts.StartedAt)}"));
        var limit = options.CurrentValue.InactivityThreshold;
        var now = time.GetUtcNow();
        var silent = quietest.Where(last => limit is not null && now - (last.At ?? receipts.StartedAt) > limit).Select(last => Number(last.IdInstance)).ToArray();
        return new(silent.Length == 0
            ? HealthCheckResult.Healthy(data: data)
            : HealthCheckResult.Degraded($"Nothing was received for more than {limit:c} from: {string.Join(", ", silent)}. Ask the doctor why.", data: data));
    }

    private static string Number(long idInstance) => idInstance.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
}
