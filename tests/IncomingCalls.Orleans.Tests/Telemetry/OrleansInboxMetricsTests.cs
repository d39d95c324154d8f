using System.Diagnostics.Metrics;
using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IncomingCalls.Orleans.Tests.Telemetry;

public class OrleansInboxMetricsTests
{
    [Fact]
    public async Task Gauges_OnePendingAndOneQuarantined_CountThem()
    {
        var recorder = new EventRecorder { BeforeRecording = static (_, _, _) => throw new CallEventRetryException(TimeSpan.FromHours(1)) };
        await using var node = await Node.StartAsync(
            services =>
            {
                services.AddMetrics();
                SingleSiloCluster.Add(services, new TestStorage());
            },
            recorder);
        var meters = node.Services.GetRequiredService<IMeterFactory>();
        using var depth = new MetricCollector<long>(meters, "IncomingCalls", "incoming_calls.inbox.depth");
        using var quarantined = new MetricCollector<int>(meters, "IncomingCalls", "incoming_calls.inbox.quarantined");

        await node.Intake.AcceptAsync(Node.CreateNotification("declined"));
        await node.Intake.AcceptAsync("{ no json"u8.ToArray());

        await Eventually.HoldsAsync(() =>
        {
            depth.RecordObservableInstruments();
            (depth.LastMeasurement?.Value).Should().Be(1);
            quarantined.RecordObservableInstruments();
            (quarantined.LastMeasurement?.Value).Should().Be(1);
        });
    }

    [Fact]
    public async Task CommitDuration_CallHandled_RecordsEachWrite()
    {
        var recorder = new EventRecorder();
        var storage = new TestStorage();
        await using var node = await Node.StartAsync(
            services =>
            {
                services.AddMetrics();
                SingleSiloCluster.Add(services, storage);
            },
            recorder);
        using var commits = new MetricCollector<double>(node.Services.GetRequiredService<IMeterFactory>(), "IncomingCalls", "incoming_calls.inbox.commit.duration");

        await node.Intake.AcceptAsync(Node.CreateNotification("declined"));

        await Eventually.HoldsAsync(() => commits.GetMeasurementSnapshot().Should().HaveCount(5, "the call is written twice, and its bucket, its person and the index of callbacks once")
            .And.OnlyContain(commit => commit.Value >= 0));
    }
}
