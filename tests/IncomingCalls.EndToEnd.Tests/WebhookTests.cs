using System.Net.ServerSentEvents;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests;

/// <summary>A desk with a webhook token and without instances.</summary>
public sealed class WebhookTests(WebhookFixture desk) : IClassFixture<WebhookFixture>
{
    private const long IdInstance = 1101000001;

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    public async Task Post_WithoutTheToken_Answers401AndStoresNothing(string? authorization)
    {
        (await desk.Process.PostAsync(NotificationJson.CreateCall(IdInstance, "stranger", "offer"), authorization)).Should().Be(401);

        (await desk.Process.GetHandledRowsAsync("events", "stranger")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_RunningHost_IsHealthy(string path) =>
        (await desk.Process.Http.GetStringAsync(path)).Should().Be("Healthy");

    [Fact]
    public async Task Page_TokenConfigured_ShowsNoDemoBanner()
    {
        using var response = await desk.Process.Http.GetAsync("/");

        response.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        response.Headers.GetValues("Content-Security-Policy").Should().ContainSingle(policy => policy.StartsWith("default-src 'self'"));
        (await response.Content.ReadAsStringAsync()).Should().NotContain("Demonstration");
    }

    [Fact]
    public async Task Offer_TenMinutesOld_IsRecordedWithoutAlert()
    {
        (await desk.PostAsync(NotificationJson.CreateCall(IdInstance, "late", "offer", age: TimeSpan.FromMinutes(10)))).Should().Be(200);
        (await desk.PostAsync(NotificationJson.CreateCall(IdInstance, "on-time", "offer"))).Should().Be(200);

        await Eventually.HoldsAsync(async () => (await desk.Process.GetHandledRowsAsync("alerts", "on-time")).Should().ContainSingle());
        (await desk.Process.GetHandledRowsAsync("alerts", "late")).Should().BeEmpty();
        (await desk.Process.GetHandledRowsAsync("events", "late")).Should().ContainSingle(row => row.IsLive == false);
        (await desk.Process.GetHandledRowsAsync("records", "late")).Should().ContainSingle(row => row.Label == "IncomingCall");
    }

    [Fact]
    public async Task Outcome_NotReceivedInTime_CreatesOutcomeUnknownWithoutLabel()
    {
        (await desk.PostAsync(NotificationJson.CreateCall(IdInstance, "no-outcome", "offer"))).Should().Be(200);

        await Eventually.HoldsAsync(async () => (await desk.Process.GetHandledRowsAsync("events", "no-outcome"))
            .Select(row => (row.Kind, row.Status)).Should().Equal(("Offered", "Offer"), ("OutcomeUnknown", null)));
        (await desk.Process.GetHandledRowsAsync("records", "no-outcome")).Should().ContainSingle();
    }

    [Fact]
    public async Task List_WithSince_OmitsOlderRows()
    {
        (await desk.PostAsync(NotificationJson.CreateCall(IdInstance, "since-1", "declined", age: TimeSpan.FromHours(3)))).Should().Be(200);
        (await desk.PostAsync(NotificationJson.CreateCall(IdInstance, "since-2", "declined", age: TimeSpan.FromHours(1)))).Should().Be(200);

        var since = Uri.EscapeDataString($"{TimeProvider.System.GetUtcNow().AddHours(-2):O}");
        (await desk.Process.GetHandledRowsAsync($"records?since={since}", "since-")).Should().ContainSingle(row => row.CallId == "since-2");
    }

    [Fact]
    public async Task Stream_AfterHello_SendsWrittenRows()
    {
        await using var stream = await desk.Process.Http.GetStreamAsync("/api/stream");
        await using var items = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
        (await items.MoveNextAsync()).Should().BeTrue();
        items.Current.EventType.Should().Be("hello");

        (await desk.PostAsync(NotificationJson.CreateCall(IdInstance, "streamed", "pickUp"))).Should().Be(200);

        do
        {
            (await items.MoveNextAsync()).Should().BeTrue();
        }
        while (items.Current.EventType != "DeskRecord" || !items.Current.Data.Contains("\"streamed\""));
    }

    [Fact]
    public async Task Calls_ManyConcurrently_AreAllListed()
    {
        var calls = Enumerable.Range(0, 100).Select(i => $"burst-{i}").ToArray();

        await Parallel.ForEachAsync(calls, async (call, _) =>
        {
            (await desk.PostAsync(NotificationJson.CreateCall(IdInstance, call, "offer"))).Should().Be(200);
            (await desk.PostAsync(NotificationJson.CreateCall(IdInstance, call, "pickUp"))).Should().Be(200);
        });

        (await desk.Process.GetHandledRowsAsync("records", "burst-")).Should().HaveCount(200);
        (await desk.Process.GetHandledRowsAsync("calls", "burst-")).Should().HaveCount(100).And.OnlyContain(row => row.Outcome == "Answered");
    }
}
