using System.Globalization;
using IncomingCalls.Inbox;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Health;

/// <summary>
/// Reports the destinations to which deliveries are paused. Degraded while one has been unavailable for longer than an hour, so that an operator restores the access; never Unhealthy,
/// because a token that one customer has revoked must not take the node out of the load balancer.
/// </summary>
internal sealed class DestinationHealth(IEnumerable<ICallInboxAdministration> inboxes, TimeProvider time) : ICallHealthSource
{
    /// <summary>The maximum number of listed destinations, those that have been unavailable longest first, so that the report remains readable.</summary>
    private const int MaxListed = 20;

    private static readonly TimeSpan DegradedAfter = TimeSpan.FromHours(1);

    public string Name => "destinations";

    public async ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken)
    {
        List<DestinationPause> pauses = [];
        foreach (var inbox in inboxes)
        {
            try
            {
                pauses.AddRange(await inbox.ListPausesAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (CallInboxUnavailableException)
            {
                // Reported by the health source of the inbox.
            }
        }

        Dictionary<string, object> data = new() { ["paused"] = pauses.Count };
        foreach (var pause in pauses.OrderByDescending(static pause => pause.IsUnavailable).ThenBy(static pause => pause.Since).Take(MaxListed))
        {
            data[$"{pause.Handler}.{pause.Destination}"] = Describe(pause);
        }

        var longTerm = pauses.Count(pause => pause.IsUnavailable && time.GetUtcNow() - pause.Since > DegradedAfter);
        return longTerm == 0
            ? HealthCheckResult.Healthy(data: data)
            : HealthCheckResult.Degraded(
                $"Destinations that have been unavailable for more than {DegradedAfter:c}: {longTerm.ToString(CultureInfo.InvariantCulture)}. Restore the access to them; 'incoming-calls inbox pauses' says what failed.",
                data: data);
    }

    private static string Describe(DestinationPause pause) =>
        pause.IsUnavailable ? $"unavailable since {Text(pause.Since)}" : $"delayed until {Text(pause.Until)}";

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
}
