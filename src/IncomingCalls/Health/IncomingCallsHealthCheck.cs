using IncomingCalls.Inbox;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Health;

/// <summary>The health check of IncomingCalls. Its status is the worst status of its parts.</summary>
internal sealed class IncomingCallsHealthCheck(IEnumerable<ICallHealthSource> parts) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var worst = HealthStatus.Healthy;
        List<string> descriptions = [];
        Dictionary<string, object> data = [];
        foreach (var part in parts)
        {
            var result = await part.CheckAsync(cancellationToken).ConfigureAwait(false);
            data[part.Name] = result.Status.ToString();
            foreach (var (key, value) in result.Data)
            {
                data[$"{part.Name}.{key}"] = value;
            }

            worst = result.Status < worst ? result.Status : worst;
            if (result.Description is { } description)
            {
                descriptions.Add(description);
            }
        }

        return new(worst, descriptions.Count == 0 ? null : string.Join(" ", descriptions), data: data);
    }
}
