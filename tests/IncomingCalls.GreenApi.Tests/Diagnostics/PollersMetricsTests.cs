using System.Diagnostics.Metrics;
using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IncomingCalls.GreenApi.Tests.Diagnostics;

public sealed class PollersMetricsTests
{
    [Fact]
    public async Task Pollers_ByState_AreCounted()
    {
        await using var gateway = await Gateway.StartAsync();
        var (well, refused) = (gateway.Add(1), gateway.Add(2));
        refused.Answer = (_, context) => Gateway.SendAsync(context, 401, "");
        await using var host = await TestHost.StartAsync(
            gateway.Pulse, [gateway.Instance(well), gateway.Instance(refused)], calls => calls.Services.AddMetrics());
        using var collector = new MetricCollector<int>(
            host.Services.GetRequiredService<IMeterFactory>(), IncomingCallsTelemetry.MeterName, "incoming_calls.pollers");
        await gateway.Pulse.UntilAsync(() => well.Waiting == 1 && host.LogsOf(3010).Any());

        collector.RecordObservableInstruments();

        collector.GetMeasurementSnapshot().Select(measurement => (measurement.Tags["incoming_calls.poller.state"], measurement.Value))
            .Should().BeEquivalentTo([((object?)"Polling", 1), ((object?)"Stopped", 1)]);
    }
}
