using System.Globalization;
using IncomingCalls.Inbox;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Health;

/// <summary>Tells how much waits in a durable inbox, and since when. Only tells: whether the inbox can work is its own word.</summary>
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
                var figures = await inbox.GetStatisticsAsync(cancellationToken).ConfigureAwait(false);
                data["depth"] = figures.Depth;
                data["since"] = figures.WaitingSince?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) ?? "nothing waits";
                data["dead_letters"] = figures.DeadLetters;
                data["quarantined"] = figures.Quarantined;
            }
            catch (CallInboxUnavailableException)
            {
                // The inbox says so itself.
            }
        }

        return HealthCheckResult.Healthy(data: data);
    }
}
