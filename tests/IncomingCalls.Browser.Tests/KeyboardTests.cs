using IncomingCalls.Browser.Tests.Hosting;

namespace IncomingCalls.Browser.Tests;

/// <summary>Operation with the keyboard only.</summary>
public sealed class KeyboardTests(BrowserFixture browser, SharedDesk shared) : SharedDeskTests(browser, shared), IClassFixture<SharedDesk>
{
    [BrowserFact]
    public async Task Desk_TabAndEnter_ReachEveryControl()
    {
        var desk = await OpenDeskAsync();
        Instance.PlaceCallFrom("Anna").Ring().Answer();
        Instance.PlaceCallFrom("Boris").Ring().Decline();
        await EventuallyAsync(async () => (await desk.GetCallRowsAsync()).Should().BeEquivalentTo("Boris: Missed", "Anna: Answered"));
        await EventuallyAsync(async () => (await desk.GetCallbackRowsAsync()).Should().Equal("Boris: 1 call"));

        await desk.ShouldTabToAsync(desk.NotificationToggle);
        await desk.ShouldTabToAsync(desk.StatusLink);
        await desk.ShouldTabToAsync(desk.Callbacks);
        await desk.ShouldTabToAsync(desk.Callbacks.Locator("[data-do=open]"));
        await desk.ShouldTabToAsync(desk.Callbacks.Locator("a[href='tel:+70000000102']"));
        await desk.ShouldTabToAsync(desk.CalledBackButton("Boris"));
        await desk.ShouldTabToAsync(desk.Filter("all"));
        await desk.ShouldTabToAsync(desk.Filter("answered"));
        await desk.ShouldTabToAsync(desk.Filter("unanswered"));
        await desk.Page.Keyboard.PressAsync("Enter");
        await EventuallyAsync(async () => (await desk.GetCallRowsAsync()).Should().Equal("Boris: Missed"));
        await desk.ShouldTabToAsync(desk.CallerButton("Boris"));
        await desk.ShouldTabToAsync(desk.Calls.Locator("a[href='tel:+70000000102']"));

        await desk.StatusLink.FocusAsync();
        await desk.Page.Keyboard.PressAsync("Enter");
        await EventuallyAsync(async () => (await desk.Heading.InnerTextAsync()).Should().Be("Status"));
    }

    [BrowserFact]
    public async Task Records_MoreThanFit_ScrollWithArrowKeys()
    {
        var desk = await OpenDeskAsync();
        for (var i = 0; i < 8; i++)
        {
            Instance.PlaceCallFrom("Anna").Ring().Answer();
        }

        await EventuallyAsync(async () => (await desk.GetRecordRowsAsync()).Should().HaveCount(16));
        await desk.Calls.Locator("a, button:visible").Last.FocusAsync();

        await desk.ShouldTabToAsync(desk.Records);
        await desk.Page.Keyboard.PressAsync("ArrowDown");

        await EventuallyAsync(async () => (await desk.Records.EvaluateAsync<int>("list => list.scrollTop")).Should().BePositive());
    }
}
