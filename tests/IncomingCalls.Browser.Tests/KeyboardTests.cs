using IncomingCalls.Browser.Tests.Hosting;

namespace IncomingCalls.Browser.Tests;

/// <summary>An operator who has no mouse, or no wish for one.</summary>
public sealed class KeyboardTests(BrowserRun run) : BrowserTests(run)
{
    [BrowserFact]
    public async Task Desk_ByTabAndEnter_IsUsedFromTopToBottom()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        Instance.CallFrom("Anna").Ring().Answer();
        Instance.CallFrom("Boris").Ring().Decline();
        await ShowsAsync(async () => (await desk.CallRowsAsync()).Should().BeEquivalentTo("Boris: Missed", "Anna: Answered"));

        await desk.TabToAsync(desk.AlertMe);
        await desk.TabToAsync(desk.StatusLink);
        await desk.TabToAsync(desk.Filter("all"));
        await desk.TabToAsync(desk.Filter("answered"));
        await desk.TabToAsync(desk.Filter("unanswered"));
        await desk.Page.Keyboard.PressAsync("Enter");
        await ShowsAsync(async () => (await desk.CallRowsAsync()).Should().Equal("Boris: Missed"));
        await desk.TabToAsync(desk.Filter("toCallBack"));
        await desk.TabToAsync(desk.CallerButton("Boris"));
        await desk.TabToAsync(desk.Calls.Locator("a[href='tel:+70000000102']"));
        await desk.TabToAsync(desk.CalledBack("Boris"));

        await desk.StatusLink.FocusAsync();
        await desk.Page.Keyboard.PressAsync("Enter");
        await ShowsAsync(async () => (await desk.Heading.InnerTextAsync()).Should().Be("Status"));
    }

    [BrowserFact]
    public async Task Records_MoreThanFit_ScrollByArrows()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        for (var i = 0; i < 8; i++)
        {
            Instance.CallFrom("Anna").Ring().Answer();
        }

        await ShowsAsync(async () => (await desk.RecordRowsAsync()).Should().HaveCount(16));
        await desk.Calls.Locator("a, button:visible").Last.FocusAsync();

        await desk.TabToAsync(desk.Records);
        await desk.Page.Keyboard.PressAsync("ArrowDown");

        await ShowsAsync(async () => (await desk.Records.EvaluateAsync<int>("list => list.scrollTop")).Should().BePositive());
    }
}
