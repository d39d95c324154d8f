using System.Diagnostics.Metrics;

namespace IncomingCalls;

/// <summary>How many pollers there are in each state.</summary>
internal sealed class PollersMetrics
{
    /// <param name="pollers">The pollers.</param>
    /// <param name="meters">The host's; null in a host without metrics, where the instrument exists and nobody listens.</param>
    public PollersMetrics(PollerSet pollers, IMeterFactory? meters = null)
    {
        var options = new MeterOptions(IncomingCallsTelemetry.MeterName) { Version = typeof(PollersMetrics).Assembly.GetName().Version?.ToString(3) };
        var meter = meters?.Create(options) ?? new Meter(options);
        meter.CreateObservableGauge("incoming_calls.pollers", () => Count(pollers), "{instance}", "Polled instances by state.");
    }

    private static IEnumerable<Measurement<int>> Count(PollerSet pollers) =>
        pollers.Running.CountBy(poller => poller.Condition.State)
            .Select(count => new Measurement<int>(count.Value, new KeyValuePair<string, object?>("incoming_calls.poller.state", count.Key.ToString())));
}
