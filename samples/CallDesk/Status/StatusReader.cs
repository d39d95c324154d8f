using CallDesk.Store;
using IncomingCalls;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CallDesk.Status;

/// <summary>Gathers what <c>/status</c> shows. Nothing of it costs a request to GREEN-API.</summary>
internal sealed class StatusReader(
    ICallInboxAdministration inbox, ICallInstances instances, HealthCheckService health, DoctorReportCache examination, DeskDb db, TimeProvider time)
{
    public async Task<DeskStatus> ReadAsync(CancellationToken cancellationToken)
    {
        var checks = await health.CheckHealthAsync(cancellationToken);
        return new()
        {
            Now = time.GetUtcNow().UtcDateTime,
            Inbox = await inbox.GetStatisticsAsync(cancellationToken),
            Instances = await ReadInstancesAsync(cancellationToken),
            Checks = [.. checks.Entries.Select(entry => new CheckStatus(entry.Key, entry.Value.Status, entry.Value.Description))],
            Reports = examination.Reports,
        };
    }

    private async Task<InstanceStatus[]> ReadInstancesAsync(CancellationToken cancellationToken)
    {
        var last = await db.Events
            .GroupBy(callEvent => callEvent.IdInstance)
            .Select(group => new { IdInstance = group.Key, At = group.Max(callEvent => callEvent.WrittenAt) })
            .ToDictionaryAsync(group => group.IdInstance, group => group.At, cancellationToken);
        return [.. instances.Current
            .Select(instance => new InstanceStatus(instance.IdInstance, instance.Receive, last.TryGetValue(instance.IdInstance, out var at) ? at : null))
            .OrderBy(instance => instance.IdInstance)];
    }
}
