using IncomingCalls.Browser.Tests.Hosting;

namespace IncomingCalls.Browser.Tests;

/// <summary>Marking callers as called back.</summary>
public sealed class CallbackTests(BrowserFixture browser, SharedDesk shared) : SharedDeskTests(browser, shared), IClassFixture<SharedDesk>
{
    [BrowserFact]
    public async Task CalledBack_ByOneOperator_IsShownToTheOtherAndCanBeUndone()
    {
        var first = await OpenDeskAsync();
        var second = await OpenDeskAsync();
        Instance.PlaceCallFrom("Anna").Ring().Decline();
        Instance.PlaceCallFrom("Boris").Ring().Drop();
        Instance.PlaceCallFrom("Carl").Ring().Answer();
        await WaitUntilAcknowledgedAsync();
        await second.Filter("toCallBack").ClickAsync();
        await EventuallyAsync(async () => (await second.GetCallRowsAsync()).Should().BeEquivalentTo("Anna: Missed", "Boris: Dropped"));

        await first.CalledBackButton("Anna").ClickAsync();
        await EventuallyAsync(async () => (await second.GetCallRowsAsync()).Should().Equal("Boris: Dropped"));
        await EventuallyAsync(async () => (await first.GetCountAsync("toCallBack")).Should().Be(1));
        (await first.CalledBackButton("Carl").IsVisibleAsync()).Should().BeFalse("the call of Carl was answered");

        await first.ReloadAsync();
        await first.CalledBackButton("Anna").ClickAsync();
        await EventuallyAsync(async () => (await second.GetCallRowsAsync()).Should().BeEquivalentTo("Anna: Missed", "Boris: Dropped"));
    }

    [BrowserFact]
    public async Task CalledBack_CallerReachedLater_IsNotRequired()
    {
        var desk = await OpenDeskAsync();
        Instance.PlacePastCallFrom("Anna", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), "declined");
        await EventuallyAsync(async () => (await desk.GetCountAsync("toCallBack")).Should().Be(1));

        Instance.PlaceCallFrom("Anna").Ring().Answer();

        await EventuallyAsync(async () => (await desk.GetCountAsync("toCallBack")).Should().Be(0));
        (await desk.CalledBackButton("Missed").InnerTextAsync()).Should().Be("Reached later");
    }
}
