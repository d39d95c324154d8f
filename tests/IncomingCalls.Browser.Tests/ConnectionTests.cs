using IncomingCalls.Browser.Tests.Hosting;

namespace IncomingCalls.Browser.Tests;

/// <summary>Pages that come, go, and lose their server.</summary>
public sealed class ConnectionTests(BrowserRun run) : BrowserTests(run)
{
    [BrowserFact]
    public async Task Page_WhenReloaded_ShowsTheSame()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        Instance.CallFrom("Anna").Ring().Answer();
        Instance.CallFrom("Boris").Ring();
        await HandledAsync();
        await ShowsAsync(async () => (await desk.EverythingAsync()).Should().HaveCount(8).And.OnlyContain(line => line.Contains("Anna") || line.Contains("Boris")));
        var before = await desk.EverythingAsync();

        await desk.ReloadAsync();

        await ShowsAsync(async () => (await desk.EverythingAsync()).Should().Equal(before));
    }

    [BrowserFact]
    public async Task Page_WhenTheServerWasKilledAndIsBack_ReconnectsAndShowsWhatItMissed()
    {
        Errors.Expected.Add("Failed to load resource: net::ERR_");
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        var ringing = Instance.CallFrom("Anna").Ring();
        await ShowsAsync(async () => (await desk.RingingNamesAsync()).Should().Equal("Anna"));
        await HandledAsync();

        await Desk.DisposeAsync();
        await desk.IsOfflineAsync();
        ringing.Answer();
        Instance.CallFrom("Boris").Ring();
        (await desk.CallRowsAsync()).Should().Equal(["Anna: Ringing"], "the page keeps what it has");

        await StartDeskAsync();
        await desk.IsOnlineAsync();
        await ShowsAsync(async () => (await desk.EverythingAsync()).Should().BeEquivalentTo(
            "rings: Boris",
            "call: Boris: Ringing", "call: Anna: Answered",
            "record: Boris: Incoming call", "record: Anna: Answered call", "record: Anna: Incoming call",
            "alert: Boris", "alert: Anna"));
        (await desk.Page.EvaluateAsync<string>("performance.getEntriesByType('navigation')[0].type")).Should().Be("navigate", "nobody reloaded it");
    }

    [BrowserFact]
    public async Task Pages_OfTwoOperators_ShowTheSame()
    {
        await StartDeskAsync();
        var first = await OpenDeskAsync();
        Instance.CallFrom("Anna").Ring().Drop();
        await HandledAsync();
        var second = await OpenDeskAsync();
        Instance.CallFrom("Boris").Ring();
        await HandledAsync();

        await ShowsAsync(async () => (await first.EverythingAsync()).Should().HaveCount(8).And.OnlyContain(line => line.Contains("Anna") || line.Contains("Boris")));
        await ShowsAsync(async () => (await second.EverythingAsync()).Should().Equal(await first.EverythingAsync()));

        // What one looks for is their own business.
        await first.Filter("unanswered").ClickAsync();
        await ShowsAsync(async () => (await first.CallRowsAsync()).Should().Equal("Anna: Dropped"));
        (await second.CallRowsAsync()).Should().HaveCount(2);
    }
}
