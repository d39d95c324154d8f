using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;

namespace IncomingCalls.Browser.Tests;

/// <summary>The findings of axe in the light and dark colour schemes, with and without calls.</summary>
public sealed class AccessibilityTests(BrowserFixture browser) : OwnDeskTests(browser)
{
    private const int ScrollingCallCount = 8;

    [BrowserFact]
    public async Task Accessibility_DeskWithAndWithoutCalls_HasNoSeriousFinding()
    {
        await StartDeskAsync();
        DeskPageView[] desks = [await OpenDeskAsync(BrowserProfiles.Light), await OpenDeskAsync(BrowserProfiles.Dark)];
        await AccessibilityCheck.ShouldFindNothingSeriousAsync(desks);

        for (var i = 0; i < ScrollingCallCount; i++)
        {
            var call = Instance.PlaceCallFrom("Anna").Ring();
            _ = (i % 4) switch { 0 => call.Answer(), 1 => call.Drop(), 2 => call.Decline(), _ => call };
        }

        await WaitUntilAcknowledgedAsync();
        foreach (var desk in desks)
        {
            await EventuallyAsync(async () => (await desk.GetCallRowsAsync()).Should().HaveCount(ScrollingCallCount)
                .And.Contain(["Anna: Ringing", "Anna: Answered", "Anna: Dropped", "Anna: Missed"]));
        }

        await AccessibilityCheck.ShouldFindNothingSeriousAsync(desks);
    }
}
