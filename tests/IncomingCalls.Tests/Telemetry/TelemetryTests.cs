using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace IncomingCalls.Tests.Telemetry;

public class TelemetryTests
{
    [Fact]
    public async Task AcceptAsync_CallWithHandler_CreatesASpanContainingTheHandlerSpan()
    {
        List<Activity> ended = [];
        using var root = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == IncomingCallsTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (ended)
                {
                    ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("crm"));

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        // Tests run in parallel; the activities of other tests have other roots.
        var ours = ended.Where(activity => activity.TraceId == root.TraceId).ToArray();
        var accept = ours.Should().ContainSingle(activity => activity.OperationName == "incoming_calls.accept").Which;
        var handle = ours.Should().ContainSingle(activity => activity.OperationName == "incoming_calls.handle").Which;
        handle.ParentSpanId.Should().Be(accept.SpanId);
        handle.GetTagItem("incoming_calls.handler").Should().Be("crm");
        accept.GetTagItem("incoming_calls.outcome").Should().Be("Stored");
        ours.SelectMany(activity => activity.TagObjects).Should().NotContain(tag => $"{tag.Value}".Contains("7000"));
    }

    [Fact]
    public async Task AcceptAsync_Outcomes_AreCounted()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("crm"));
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        using var notifications = new MetricCollector<long>(meters, IncomingCallsTelemetry.MeterName, "incoming_calls.notifications");
        using var withoutOffer = new MetricCollector<long>(meters, IncomingCallsTelemetry.MeterName, "incoming_calls.outcomes.without_offer");
        using var durations = new MetricCollector<double>(meters, IncomingCallsTelemetry.MeterName, "incoming_calls.handler.duration");
        using var lag = new MetricCollector<double>(meters, IncomingCallsTelemetry.MeterName, "incoming_calls.notification.lag");

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", secondsAgo: 30));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        notifications.GetMeasurementSnapshot().Select(m => m.Tags["incoming_calls.outcome"]).Should().Equal("Stored", "Duplicate");
        withoutOffer.GetMeasurementSnapshot().Should().ContainSingle();
        durations.GetMeasurementSnapshot().Should().ContainSingle().Which.Tags["incoming_calls.result"].Should().Be("Succeeded");
        lag.GetMeasurementSnapshot()[0].Value.Should().Be(30);
    }

    [Fact]
    public async Task AcceptAsync_OfferAndOutcome_MeasureRingTimeAndAlertLatency()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddOperatorNotifier<RecordingNotifier>("desk"));
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        using var delays = new MetricCollector<double>(meters, IncomingCallsTelemetry.MeterName, "incoming_calls.alert.delay");
        using var rings = new MetricCollector<double>(meters, IncomingCallsTelemetry.MeterName, "incoming_calls.ring.duration");
        using var withoutOffer = new MetricCollector<long>(meters, IncomingCallsTelemetry.MeterName, "incoming_calls.outcomes.without_offer");

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer", secondsAgo: 7));
        await delays.WaitForMeasurementsAsync(1).WaitAsync(TimeSpan.FromSeconds(10));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp", secondsAgo: 1));

        delays.GetMeasurementSnapshot().Should().ContainSingle().Which.Should().Match<CollectedMeasurement<double>>(
            delay => delay.Value == 7 && delay.Tags["incoming_calls.handler"]!.Equals("desk"));
        rings.GetMeasurementSnapshot().Should().ContainSingle().Which.Should().Match<CollectedMeasurement<double>>(
            ring => ring.Value == 6 && ring.Tags["incoming_calls.call.outcome"]!.Equals("Answered"));
        withoutOffer.GetMeasurementSnapshot().Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Metrics_PerInstance_HaveItsNumberOnRequestOnly(bool isRequested)
    {
        await using var host = await TestHost.StartAsync(
            builder => builder.AddHandler<RecordingHandler>("crm"),
            options => options.MetricsPerInstance = isRequested);
        using var meters = new MeasuredTags(host.Services.GetRequiredService<IMeterFactory>());

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        meters.Of("incoming_calls.notifications").Should().ContainSingle();
        meters.All.Should().OnlyContain(tags => tags.ContainsKey("incoming_calls.instance") == isRequested && (!isRequested || tags["incoming_calls.instance"]!.Equals(1101000001L)));
    }

    [Fact]
    public async Task AcceptAsync_MetricListenerThrows_HandlesTheEventOnce()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>("crm"));
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => Enable(instrument, self, meters) };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => throw new InvalidOperationException("listener"));
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new InvalidOperationException("listener"));
        listener.Start();

        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);

        host.Recorder.Lines.Should().Equal("Missed");
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 1052);
    }

    private static void Enable(Instrument instrument, MeterListener listener, IMeterFactory meters)
    {
        if (instrument.Meter.Scope == meters && instrument.Meter.Name == IncomingCallsTelemetry.MeterName)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    /// <summary>Records the tags of all measurements of a host.</summary>
    private sealed class MeasuredTags : IDisposable
    {
        private readonly ConcurrentQueue<(string Instrument, Dictionary<string, object?> Tags)> _measurements = [];
        private readonly MeterListener _listener = new();

        public MeasuredTags(IMeterFactory meters)
        {
            _listener.InstrumentPublished = (instrument, self) => Enable(instrument, self, meters);
            _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Record(instrument, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Record(instrument, tags));
            _listener.Start();
        }

        public IEnumerable<Dictionary<string, object?>> All => _measurements.Select(measurement => measurement.Tags);

        public IEnumerable<Dictionary<string, object?>> Of(string instrument) =>
            _measurements.Where(measurement => measurement.Instrument == instrument).Select(measurement => measurement.Tags);

        public void Dispose() => _listener.Dispose();

        private void Record(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _measurements.Enqueue((instrument.Name, new Dictionary<string, object?>(tags.ToArray())));
    }
}
