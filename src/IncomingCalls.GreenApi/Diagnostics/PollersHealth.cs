using System.Globalization;
using IncomingCalls.Inboxes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls;

/// <summary>Degraded while some instance delivers nothing. Never Unhealthy: the others do, and a restart would not help.</summary>
internal sealed class PollersHealth(PollerSet pollers, ConfiguredInstances configured) : ICallHealthSource
{
    /// <summary>A report is read by a person.</summary>
    private const int MostNamed = 10;

    public string Name => "green-api";

    public ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        List<string> complaints =
        [
            .. pollers.Running.Where(poller => !poller.Condition.IsWell).Select(poller => $"{Number(poller.Instance.IdInstance)} ({poller.Condition.State})"),
            .. pollers.Unusable.Select(idInstance => $"{Number(idInstance)} (cannot be polled)"),
            .. configured.Skipped.Select(key => $"{key} (skipped)"),
        ];
        var rest = complaints.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {complaints.Count - MostNamed} more") : "";
        return new(complaints.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded($"Instances that deliver nothing: {string.Join(", ", complaints.Take(MostNamed))}{rest}."));
    }

    private static string Number(long idInstance) => idInstance.ToString(CultureInfo.InvariantCulture);
}
