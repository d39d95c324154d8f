using IncomingCalls;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CallDesk;

internal static class DeskTelemetry
{
    /// <summary>Sends traces and metrics to a collector, where one is named in the variables that every OTLP exporter knows.</summary>
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
