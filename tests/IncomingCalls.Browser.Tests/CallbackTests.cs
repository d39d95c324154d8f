using IncomingCalls.Browser.Tests.Hosting;

namespace IncomingCalls.Browser.Tests;

/// <summary>Who is still to be called back, and by whom they were.</summary>
public sealed class CallbackTests(BrowserRun run) : BrowserTests(run)
{
    [BrowserFact]
    public async Task CalledBack_ByOneOperator_IsSeenByTheOtherAndTakenBack()
    {
        await StartDeskAsync();
        var first = await OpenDeskAsync();
        var second = await OpenDeskAsync();
        Instance.CallFrom("Anna").Ring().Decline();
        Instance.CallFrom("Boris").Ring().Drop();
        Instance.CallFrom("Carl").Ring().Answer();
        await HandledAsync();
        await second.Filter("toCallBack").ClickAsync();
        await ShowsAsync(async () => (await second.CallRowsAsync()).Should().BeEquivalentTo("Anna: Missed", "Boris: Dropped"));

        await first.CalledBack("Anna").ClickAsync();
        await ShowsAsync(async () => (await second.CallRowsAsync()).Should().Equal("Boris: Dropped"));
        await ShowsAsync(async () => (await first.CountAsync("toCallBack")).Should().Be(1));
        (await first.CalledBack("Carl").IsVisibleAsync()).Should().BeFalse("somebody has talked to Carl");

        await first.ReloadAsync();
        await first.CalledBack("Anna").ClickAsync();
        await ShowsAsync(async () => (await second.CallRowsAsync()).Should().BeEquivalentTo("Anna: Missed", "Boris: Dropped"));
    }

    [BrowserFact]
    public async Task CalledBack_WhoWasReachedLater_NeedNotBe()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        Instance.PastCallFrom("Anna", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), "declined");
        await ShowsAsync(async () => (await desk.CountAsync("toCallBack")).Should().Be(1));

        Instance.CallFrom("Anna").Ring().Answer();

        await ShowsAsync(async () => (await desk.CountAsync("toCallBack")).Should().Be(0));
        (await desk.CalledBack("Missed").InnerTextAsync()).Should().Be("Reached later");
    }
}
