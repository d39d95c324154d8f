using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using IncomingCalls.Testing;

namespace IncomingCalls.Browser.Tests;

/// <summary>The callers to call back, which are the open callbacks of the inbox.</summary>
public sealed class CallbackTests(BrowserFixture browser, SharedDesk shared) : SharedDeskTests(browser, shared), IClassFixture<SharedDesk>
{
    [BrowserFact]
    public async Task CalledBack_ByOneOperator_IsRemovedForAllAndAfterAReload()
    {
        var first = await OpenDeskAsync();
        var second = await OpenDeskAsync();
        Instance.PlacePastCallFrom("Anna", TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(5), "declined");
        Instance.PlacePastCallFrom("Boris", TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5), "hungUp");
        Instance.PlacePastCallFrom("Anna", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), "declined");
        Instance.PlaceCallFrom("Carl").Ring().Answer();
        foreach (var desk in new[] { first, second })
        {
            await ShouldShowAsync(desk, "Anna: 2 calls", "Boris: 1 call");
        }

        await first.CalledBackButton("Anna").ClickAsync();

        await ShouldShowAsync(first, "Boris: 1 call");
        await ShouldShowAsync(second, "Boris: 1 call");
        await first.ReloadAsync();
        (await first.GetCallbackRowsAsync()).Should().Equal("Boris: 1 call");
        (await first.GetCallRowsAsync()).Should().HaveCount(4, "the calls of the day are still there");
    }

    [BrowserFact]
    public async Task Callback_OpenedYesterday_IsStillListedWithItsName()
    {
        Instance.PlacePastCallFrom("Anna", TimeSpan.FromHours(25), TimeSpan.FromSeconds(5), "declined");
        await WaitUntilAcknowledgedAsync();
        var desk = await OpenDeskAsync();

        await ShouldShowAsync(desk, "Anna: 1 call");

        (await desk.GetCallRowsAsync()).Should().BeEmpty("the call was not today");
        (await desk.Callbacks.Locator("time").InnerTextAsync()).Should().MatchRegex(@"^\d\d/\d\d, \d\d:\d\d$");
        await desk.Callbacks.Locator("[data-do=open]").ClickAsync();
        await EventuallyAsync(async () => (await desk.GetTimelineRowsAsync()).Should().Equal("Incoming call", "Missed call"));
    }

    [BrowserFact]
    public async Task Callback_CallerCallsAgainAndIsAnswered_IsRemoved()
    {
        var desk = await OpenDeskAsync();
        Instance.PlacePastCallFrom("Anna", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), "declined");
        await ShouldShowAsync(desk, "Anna: 1 call");

        Instance.PlaceCallFrom("Anna").Ring().Answer();

        await ShouldShowAsync(desk);
        (await desk.EmptyMessages.AllInnerTextsAsync()).Should().Contain("No callers to call back.");
    }

    [BrowserFact]
    public async Task Callback_OutgoingCalls_CountAsAttemptsUntilOneIsAnswered()
    {
        Instance.Settings.OutgoingCallWebhook = true;
        var desk = await OpenDeskAsync();
        Instance.PlacePastCallFrom("Anna", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), "declined");
        var anna = Instance.Contacts.Keys.Single();
        await ShouldShowAsync(desk, "Anna: 1 call");

        Instance.PlaceOutgoingCall(anna).EndUnanswered();
        await ShouldShowAsync(desk, "Anna: 1 call, 1 attempt");

        Instance.PlaceOutgoingCall(anna).EndAnswered();
        await ShouldShowAsync(desk);
        (await desk.GetCallRowsAsync()).Should().Equal("Anna: Missed");
    }

    [BrowserFact]
    public async Task Callback_OfALinkedId_ShowsNoNumber()
    {
        const string LinkedId = "100000000000001@lid";
        Instance.Contacts[LinkedId] = new() { Name = "Anna" };
        var desk = await OpenDeskAsync();

        Instance.PlaceCall(LinkedId).Ring().Decline();

        await ShouldShowAsync(desk, "Anna: 1 call");
        (await desk.Callbacks.InnerTextAsync()).Should().NotContain("100000000000001");
        (await desk.Callbacks.Locator("a[href]").CountAsync()).Should().Be(0);
        await desk.CalledBackButton("Anna").ClickAsync();
        await ShouldShowAsync(desk);
    }

    private static Task ShouldShowAsync(DeskPageView desk, params string[] rows) =>
        EventuallyAsync(async () => (await desk.GetCallbackRowsAsync()).Should().Equal(rows));
}
