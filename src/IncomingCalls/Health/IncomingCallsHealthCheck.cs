using IncomingCalls.Inbox;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Health;

/// <summary>As well as the least well of its parts.</summary>
internal sealed class IncomingCallsHealthCheck(IEnumerable<ICallHealthSource> parts) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var worst = HealthStatus.Healthy;
        List<string> told = [];
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
                told.Add(description);
            }
        }

        return new(worst, told.Count == 0 ? null : string.Join(" ", told), data: data);
    }
}
