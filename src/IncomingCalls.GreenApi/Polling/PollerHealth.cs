using System.Globalization;
using IncomingCalls.GreenApi.Instances;
using IncomingCalls.Inbox;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>
/// Reports Degraded while an instance delivers no notifications. Never Unhealthy: the other instances work, and a restart would not help.
/// </summary>
internal sealed class PollerHealth(PollerSet pollers, ConfiguredInstanceSource configured) : ICallHealthSource
{
    /// <summary>The maximum number of listed instances, so that the report remains readable.</summary>
    private const int MaxListed = 10;

    public string Name => "green-api";

    public ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        List<string> problems =
        [
            .. pollers.Running.Where(poller => !poller.StateTracker.IsHealthy).Select(poller => $"{FormatId(poller.Instance.IdInstance)} ({poller.StateTracker.State})"),
            .. pollers.UnusableInstances.Select(idInstance => $"{FormatId(idInstance)} (cannot be polled)"),
            .. configured.SkippedKeys.Select(key => $"{key} (skipped)"),
        ];
        var rest = problems.Count > MaxListed ? string.Create(CultureInfo.InvariantCulture, $" and {problems.Count - MaxListed} more") : "";
        return new(problems.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded($"Instances that deliver nothing: {string.Join(", ", problems.Take(MaxListed))}{rest}."));
    }

    private static string FormatId(long idInstance) => idInstance.ToString(CultureInfo.InvariantCulture);
}
