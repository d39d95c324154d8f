using System.Globalization;
using IncomingCalls.Inbox;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Health;

/// <summary>
/// Reports the backlog of a durable inbox as data. Always Healthy: whether the inbox is available is reported by the health source of the
/// inbox itself.
/// </summary>
internal sealed class BacklogHealth(IEnumerable<ICallInboxAdministration> inboxes) : ICallHealthSource
{
    public string Name => "waiting";

    public async ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, object> data = [];
        foreach (var inbox in inboxes)
        {
            try
            {
                var statistics = await inbox.GetStatisticsAsync(cancellationToken).ConfigureAwait(false);
                data["depth"] = statistics.Depth;
                Add(data, "ready", statistics.Ready);
                Add(data, "for_caller_name", statistics.WaitingForCallerName);
                Add(data, "for_retry", statistics.WaitingForRetry);
                Add(data, "settling", statistics.Settling);
                Add(data, "paused", statistics.Paused);
                data["since"] = statistics.WaitingSince?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) ?? "nothing waits";
                data["dead_letters"] = statistics.DeadLetters;
                data["quarantined"] = statistics.Quarantined;
            }
            catch (CallInboxUnavailableException)
            {
                // Reported by the health source of the inbox.
            }
        }

        return HealthCheckResult.Healthy(data: data);
    }

    private static void Add(Dictionary<string, object> data, string key, long? count)
    {
        if (count is not null)
        {
            data[key] = count.Value;
        }
    }
}
