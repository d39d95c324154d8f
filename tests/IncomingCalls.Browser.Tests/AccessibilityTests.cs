using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;

namespace IncomingCalls.Browser.Tests;

/// <summary>What axe finds, in every state that a page shows, in light and dark.</summary>
public sealed class AccessibilityTests(BrowserRun run) : BrowserTests(run)
{
    private const int EnoughToScroll = 8;

    [BrowserFact]
    public async Task Desk_WithoutCallsAndWithCallsInEveryState_HasNoSeriousFinding()
    {
        await StartDeskAsync();
        DeskPageView[] desks = [await OpenDeskAsync(Look.Light), await OpenDeskAsync(Look.Dark)];
        await Axe.FindsNothingSeriousAsync(desks);

        for (var i = 0; i < EnoughToScroll; i++)
        {
            var call = Instance.CallFrom("Anna").Ring();
            _ = (i % 4) switch { 0 => call.Answer(), 1 => call.Drop(), 2 => call.Decline(), _ => call };
        }

        await HandledAsync();
        foreach (var desk in desks)
        {
            await ShowsAsync(async () => (await desk.CallRowsAsync()).Should().HaveCount(EnoughToScroll)
                .And.Contain(["Anna: Ringing", "Anna: Answered", "Anna: Dropped", "Anna: Missed"]));
        }

        await Axe.FindsNothingSeriousAsync(desks);
    }
}
