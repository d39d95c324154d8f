using System.Diagnostics.Metrics;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>The gauge of pollers by state.</summary>
internal sealed class PollerMetrics
{
    /// <param name="pollers">The pollers to count.</param>
    /// <param name="meters">The meter factory of the host; null in a host without metrics, where the instrument has no listener.</param>
    public PollerMetrics(PollerSet pollers, IMeterFactory? meters = null)
    {
        var options = new MeterOptions(IncomingCallsTelemetry.MeterName) { Version = typeof(PollerMetrics).Assembly.GetName().Version?.ToString(3) };
        var meter = meters?.Create(options) ?? new Meter(options);
        meter.CreateObservableGauge("incoming_calls.pollers", () => CountByState(pollers), "{instance}", "Polled instances by state.");
    }

    private static IEnumerable<Measurement<int>> CountByState(PollerSet pollers) =>
        pollers.Running.CountBy(poller => poller.StateTracker.State)
            .Select(count => new Measurement<int>(count.Value, new KeyValuePair<string, object?>("incoming_calls.poller.state", count.Key.ToString())));
}
