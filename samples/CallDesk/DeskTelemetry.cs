using IncomingCalls;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CallDesk;

internal static class DeskTelemetry
{
    /// <summary>Exports traces and metrics if the standard OTLP environment variables name a collector.</summary>
    public static void AddDeskTelemetry(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        #region telemetry
        builder.Services.AddOpenTelemetry()
            .UseOtlpExporter()
            .WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddSource(IncomingCallsTelemetry.ActivitySourceName))
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddMeter(IncomingCallsTelemetry.MeterName));
        #endregion
    }
}
