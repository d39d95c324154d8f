using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CallDesk.Store;

/// <summary>Whether the desk's database can be opened.</summary>
internal sealed class DeskHealthCheck(DeskDb db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await db.Database.CanConnectAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The desk's database cannot be opened.");
}
