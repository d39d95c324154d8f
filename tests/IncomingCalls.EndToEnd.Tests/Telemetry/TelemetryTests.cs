using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;
using IncomingCalls.Testing;

namespace IncomingCalls.EndToEnd.Tests.Telemetry;

public sealed class TelemetryTests : IDisposable
{
    private const string Token = "telemetry-desk-token";

    private readonly DeskFolder _folder = new();

    [Fact]
    public async Task Export_CollectorConfigured_SendsTracesAndMetricsWithoutPhoneNumbers()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var gateway = await GreenApiSimulator.StartAsync();
        await using var desk = await DeskProcess.StartAsync(
            _folder,
            new Dictionary<string, string> { ["IncomingCalls:Webhook:Tokens:0"] = Token },
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            });
        var instance = gateway.AddInstance();
        instance.SetWebhook(new(desk.Http.BaseAddress!, "/webhooks/green-api"), Token);

        instance.PlaceCall("70000000101@c.us").Ring().Decline();
        await instance.WaitUntilAcknowledgedAsync();

        await Eventually.HoldsAsync(() =>
        {
            collector.ReceivedText("traces").Should().ContainAll("incoming_calls.accept", "incoming_calls.handle", "CallDesk.Handlers.DeskRecorder");
            collector.ReceivedText("metrics").Should().ContainAll("incoming_calls.notifications", "incoming_calls.inbox.depth", "incoming_calls.alert.delay", "incoming_calls.ring.duration");
        });
        (collector.ReceivedText("traces") + collector.ReceivedText("metrics")).Should().NotContain("70000000101").And.NotContain(Token);
    }

    public void Dispose() => _folder.Dispose();
}
