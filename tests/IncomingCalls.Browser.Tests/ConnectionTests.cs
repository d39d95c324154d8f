using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using IncomingCalls.Testing;

namespace IncomingCalls.Browser.Tests;

/// <summary>Pages that are reloaded or opened later.</summary>
public sealed class ConnectionTests(BrowserFixture browser, SharedDesk shared) : SharedDeskTests(browser, shared), IClassFixture<SharedDesk>
{
    [BrowserFact]
    public async Task Page_Reloaded_ShowsTheSame()
    {
        var desk = await OpenDeskAsync();
        (await RingUntilShownAsync(desk, "Anna")).Answer();
        Instance.PlaceCallFrom("Boris").Ring();
        await WaitUntilAcknowledgedAsync();
        await EventuallyAsync(async () => (await desk.GetAllRowsAsync()).Should().HaveCount(8).And.OnlyContain(line => line.Contains("Anna") || line.Contains("Boris")));
        var before = await desk.GetAllRowsAsync();

        await desk.ReloadAsync();

        await EventuallyAsync(async () => (await desk.GetAllRowsAsync()).Should().Equal(before));
    }

    [BrowserFact]
    public async Task Pages_TwoOperators_ShowTheSame()
    {
        var first = await OpenDeskAsync();
        (await RingUntilShownAsync(first, "Anna")).Drop();
        await WaitUntilAcknowledgedAsync();
        var second = await OpenDeskAsync();
        Instance.PlaceCallFrom("Boris").Ring();
        await WaitUntilAcknowledgedAsync();

        await EventuallyAsync(async () => (await first.GetAllRowsAsync()).Should().HaveCount(8).And.OnlyContain(line => line.Contains("Anna") || line.Contains("Boris")));
        await EventuallyAsync(async () => (await second.GetAllRowsAsync()).Should().Equal(await first.GetAllRowsAsync()));

        // A filter applies to one page only.
        await first.Filter("unanswered").ClickAsync();
        await EventuallyAsync(async () => (await first.GetCallRowsAsync()).Should().Equal("Anna: Dropped"));
        (await second.GetCallRowsAsync()).Should().HaveCount(2);
    }

    /// <summary>Places a call and waits until it is shown as ringing, since no alert is raised for a call that ends before the attempt starts.</summary>
    private async Task<SimulatedCall> RingUntilShownAsync(DeskPageView desk, string name)
    {
        var call = Instance.PlaceCallFrom(name).Ring();
        await EventuallyAsync(async () => (await desk.GetRingingNamesAsync()).Should().Equal(name));
        return call;
    }
}

/// <summary>A page that loses its server.</summary>
public sealed class ReconnectionTests(BrowserFixture browser) : OwnDeskTests(browser)
{
    [BrowserFact]
    public async Task Page_ServerKilledAndRestarted_ReconnectsAndShowsMissedChanges()
    {
        Errors.Expected.Add("Failed to load resource: net::ERR_");
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        var ringing = Instance.PlaceCallFrom("Anna").Ring();
        await EventuallyAsync(async () => (await desk.GetRingingNamesAsync()).Should().Equal("Anna"));
        await WaitUntilAcknowledgedAsync();

        await Desk.DisposeAsync();
        await desk.WaitUntilOfflineAsync();
        ringing.Answer();
        Instance.PlaceCallFrom("Boris").Ring();
        (await desk.GetCallRowsAsync()).Should().Equal(["Anna: Ringing"], "the page continues to show what it has loaded");

        await StartDeskAsync();
        await desk.WaitUntilOnlineAsync();
        await EventuallyAsync(async () => (await desk.GetAllRowsAsync()).Should().BeEquivalentTo(
            "rings: Boris",
            "call: Boris: Ringing", "call: Anna: Answered",
            "record: Boris: Incoming call", "record: Anna: Answered call", "record: Anna: Incoming call",
            "alert: Boris", "alert: Anna"));
        (await desk.Page.EvaluateAsync<string>("performance.getEntriesByType('navigation')[0].type")).Should().Be("navigate", "the page was not reloaded");
    }
}
