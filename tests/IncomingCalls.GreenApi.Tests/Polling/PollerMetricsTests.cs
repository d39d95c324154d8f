using System.Diagnostics.Metrics;
using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IncomingCalls.GreenApi.Tests.Polling;

public sealed class PollerMetricsTests
{
    [Fact]
    public async Task Pollers_SeveralStates_CountedByState()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var (well, refused) = (gateway.AddInstance(1), gateway.AddInstance(2));
        refused.Responder = (_, context) => FakeGateway.SendAsync(context, 401, "");
        await using var host = await TestHost.StartAsync(
            gateway.Signal, [gateway.ToCallInstance(well), gateway.ToCallInstance(refused)], calls => calls.Services.AddMetrics());
        using var collector = new MetricCollector<int>(
            host.Services.GetRequiredService<IMeterFactory>(), IncomingCallsTelemetry.MeterName, "incoming_calls.pollers");
        await gateway.Signal.WaitUntilAsync(() => well.WaitingPolls == 1 && host.LogsOf(3023).Any());

        collector.RecordObservableInstruments();

        collector.GetMeasurementSnapshot().Select(measurement => (measurement.Tags["incoming_calls.poller.state"], measurement.Value))
            .Should().BeEquivalentTo([((object?)"Polling", 1), ((object?)"Refused", 1)]);
    }
}
