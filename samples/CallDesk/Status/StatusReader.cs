using CallDesk.Store;
using IncomingCalls;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CallDesk.Status;

/// <summary>Reads the state that <c>/status</c> shows, without requests to GREEN-API.</summary>
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

/// <summary>Caches the reports of the doctor. An examination sends requests that are rate-limited, so a recent one is shared.</summary>
internal sealed class DoctorReportCache(CallDoctor doctor, ICallInstances instances, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The reports of the last examination, one per instance; null before the first one.</summary>
    public IReadOnlyList<DoctorReport>? Reports { get; private set; }

    /// <summary>Examines all instances, unless the cached reports are less than a minute old.</summary>
    public async Task<IReadOnlyList<DoctorReport>> ExamineAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var isFresh = Reports is [var report, ..] && time.GetUtcNow() - report.ExaminedAt < MaxAge;
            return Reports = isFresh ? Reports! : await doctor.ExamineAllAsync(instances.Current, cancellationToken: cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
