using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Processes;

namespace IncomingCalls.Browser.Tests;

/// <summary>Caller names are requested from the gateway, and usually become known after the call is shown.</summary>
public sealed class CallerNameTests(BrowserFixture browser, SharedDesk shared) : SharedDeskTests(browser, shared), IClassFixture<SharedDesk>
{
    [BrowserFact]
    public async Task Name_FoundWhileRinging_ReplacesTheNumber()
    {
        var desk = await OpenDeskAsync();
        Gateway.DelayNext("getContactInfo", HeldAnswers.Delay);

        Instance.PlaceCallFrom("Anna").Ring();

        await EventuallyAsync(async () => (await desk.GetRingingNamesAsync()).Should().Equal("+70000000101"));
        Answers.Release();
        await EventuallyAsync(async () => (await desk.GetAllRowsAsync()).Should().Equal(
            "rings: Anna", "call: Anna: Ringing", "record: Anna: Incoming call", "alert: Anna"));
        (await desk.Ringing.InnerTextAsync()).Should().Contain("+70000000101", "operators need the number to call back");
    }

    [BrowserFact]
    public async Task Name_FoundAfterTheCall_IsShownEverywhere()
    {
        var desk = await OpenDeskAsync();
        Gateway.DelayNext("getContactInfo", HeldAnswers.Delay);

        var call = Instance.PlaceCallFrom("Anna").Ring();
        await EventuallyAsync(async () => (await desk.GetRingingNamesAsync()).Should().Equal("+70000000101"));
        call.Decline();
        await EventuallyAsync(async () => (await desk.GetCallRowsAsync()).Should().Equal("+70000000101: Missed"));
        Answers.Release();

        await EventuallyAsync(async () => (await desk.GetAllRowsAsync()).Should().Equal(
            "call: Anna: Missed", "record: Anna: Missed call", "record: Anna: Incoming call", "alert: Anna"));
    }

    [BrowserFact]
    public async Task Name_ContainingMarkup_IsShownAsText()
    {
        string[] names =
        [
            "<img src=x onerror=\"document.title='hacked'\">",
            "</strong><script>document.title='hacked'</script>",
            "&lt;b&gt; ${7*7} {{7*7}} 'quoted' \"twice\"",
        ];
        var desk = await OpenDeskAsync();

        foreach (var name in names)
        {
            Instance.PlaceCallFrom(name).Ring();
        }

        await EventuallyAsync(async () => (await desk.GetAllRowsAsync()).Should().BeEquivalentTo(names.SelectMany(name => new[]
        {
            $"rings: {name}", $"call: {name}: Ringing", $"record: {name}: Incoming call", $"alert: {name}",
        })));
        (await desk.Page.Locator("main img, main script, main strong *").CountAsync()).Should().Be(0);
        (await desk.Page.TitleAsync()).Should().Be("(3) Call desk");
    }
}
