using System.Diagnostics.Metrics;

namespace IncomingCalls.AspNetCore.Telemetry;

/// <summary>The instruments of the webhook endpoint.</summary>
internal sealed class WebhookMetrics
{
    private readonly Counter<long> _refused;

    /// <param name="meters">The meter factory of the host; null in a host without metrics.</param>
    public WebhookMetrics(IMeterFactory? meters = null)
    {
        var options = new MeterOptions(IncomingCallsTelemetry.MeterName) { Version = typeof(WebhookMetrics).Assembly.GetName().Version?.ToString(3) };
        var meter = meters?.Create(options) ?? new Meter(options);
        _refused = meter.CreateCounter<long>("incoming_calls.webhook.refused", "{request}", "Webhook requests that were refused before a notification was read from them.");
    }

    public void RecordRefused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("incoming_calls.reason", reason));
}
