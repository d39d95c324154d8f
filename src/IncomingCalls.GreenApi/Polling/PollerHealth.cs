using System.Globalization;
using IncomingCalls.GreenApi.Instances;
using IncomingCalls.Inbox;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>Degraded while some instance delivers nothing. Never Unhealthy: the others do, and a restart would not help.</summary>
internal sealed class PollerHealth(PollerSet pollers, ConfiguredInstanceSource configured) : ICallHealthSource
{
    /// <summary>A report is read by a person.</summary>
    private const int MaxListed = 10;

    public string Name => "green-api";

    public ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        List<string> complaints =
        [
            .. pollers.Running.Where(poller => !poller.StateTracker.IsHealthy).Select(poller => $"{FormatId(poller.Instance.IdInstance)} ({poller.StateTracker.State})"),
            .. pollers.UnusableInstances.Select(idInstance => $"{FormatId(idInstance)} (cannot be polled)"),
            .. configured.SkippedKeys.Select(key => $"{key} (skipped)"),
        ];
        var rest = complaints.Count > MaxListed ? string.Create(CultureInfo.InvariantCulture, $" and {complaints.Count - MaxListed} more") : "";
        return new(complaints.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded($"Instances that deliver nothing: {string.Join(", ", complaints.Take(MaxListed))}{rest}."));
    }

    private static string FormatId(long idInstance) => idInstance.ToString(CultureInfo.InvariantCulture);
}
