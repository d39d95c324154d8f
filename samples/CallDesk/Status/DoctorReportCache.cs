using IncomingCalls;

namespace CallDesk.Status;

/// <summary>What the doctor found last. An examination costs requests that are limited, so a recent one is good enough for everybody.</summary>
internal sealed class DoctorReportCache(CallDoctor doctor, ICallInstances instances, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The reports, one per instance; null before the first examination.</summary>
    public IReadOnlyList<DoctorReport>? Reports { get; private set; }

    /// <summary>Examines all instances, unless that was done a moment ago.</summary>
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
