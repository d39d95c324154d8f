using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using IncomingCalls.Testing;

namespace IncomingCalls.Browser.Tests;

/// <summary>The timeline of one caller.</summary>
public sealed class TimelineTests(BrowserFixture browser, SharedDesk shared) : SharedDeskTests(browser, shared), IClassFixture<SharedDesk>
{
    [BrowserFact]
    public async Task Timeline_Keyboard_OpensUpdatesAndRestoresFocus()
    {
        var desk = await OpenDeskAsync();
        var call = await PlaceCallsAsync(desk);
        List<string> requestedUrls = [];
        desk.Page.Request += (_, request) => requestedUrls.Add(request.Url);

        await desk.CallerButton("Anna").FocusAsync();
        await desk.Page.Keyboard.PressAsync("Enter");
        await EventuallyAsync(async () => (await desk.GetTimelineRowsAsync()).Should().Equal("Incoming call"));
        (await desk.Timeline.Locator("h2").InnerTextAsync()).Should().Be("Anna");
        (await desk.Timeline.EvaluateAsync<bool>("dialog => dialog.contains(document.activeElement)")).Should().BeTrue();

        call.Answer();
        await EventuallyAsync(async () => (await desk.GetTimelineRowsAsync()).Should().Equal("Incoming call", "Answered call"));

        requestedUrls.Should().NotBeEmpty().And.NotContain(url => url.Contains("7000000010"), "web servers and proxies log URLs");

        await desk.Page.Keyboard.PressAsync("Escape");
        (await desk.Timeline.CountAsync()).Should().Be(0);
        (await desk.CallerButton("Anna").EvaluateAsync<bool>("button => button === document.activeElement")).Should().BeTrue();
    }

    [BrowserFact]
    public async Task Accessibility_Timeline_HasNoSeriousFinding()
    {
        foreach (var options in new[] { BrowserProfiles.Light, BrowserProfiles.Dark })
        {
            var desk = await OpenDeskAsync(options);
            await PlaceCallsAsync(desk);
            await desk.CallerButton("Boris").ClickAsync();
            await EventuallyAsync(async () => (await desk.GetTimelineRowsAsync()).Should().NotBeEmpty());

            await AccessibilityCheck.ShouldFindNothingSeriousAsync([desk]);
        }
    }

    /// <summary>Places two calls: the one of Boris was missed, and the one of Anna is ringing.</summary>
    private async Task<SimulatedCall> PlaceCallsAsync(DeskPageView desk)
    {
        Instance.PlaceCallFrom("Boris").Ring().Decline();
        var call = Instance.PlaceCallFrom("Anna").Ring();
        await WaitUntilAcknowledgedAsync();
        await EventuallyAsync(async () => (await desk.GetCallRowsAsync()).Should().Contain(["Anna: Ringing", "Boris: Missed"]));
        return call;
    }
}
