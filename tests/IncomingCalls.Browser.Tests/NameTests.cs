using IncomingCalls.Browser.Tests.Hosting;

namespace IncomingCalls.Browser.Tests;

/// <summary>Names come from the gateway, one request a second, and seldom before the call is on the screen.</summary>
public sealed class NameTests(BrowserRun run) : BrowserTests(run)
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    [BrowserFact]
    public async Task Name_ThatComesWhileItRings_ReplacesTheNumber()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        Gateway.DelayNext("getContactInfo", Late);

        Instance.CallFrom("Anna").Ring();

        await ShowsAsync(async () => (await desk.RingingNamesAsync()).Should().Equal("+70000000101"));
        await ShowsAsync(async () => (await desk.EverythingAsync()).Should().Equal(
            "rings: Anna", "call: Anna: Ringing", "record: Anna: Incoming call", "alert: Anna"));
        (await desk.Ringing.InnerTextAsync()).Should().Contain("+70000000101", "the number is what one calls back");
    }

    [BrowserFact]
    public async Task Name_ThatComesWhenTheCallIsOver_FillsInEverywhere()
    {
        await StartDeskAsync();
        var desk = await OpenDeskAsync();
        Gateway.DelayNext("getContactInfo", Late);

        var call = Instance.CallFrom("Anna").Ring();
        await ShowsAsync(async () => (await desk.RingingNamesAsync()).Should().Equal("+70000000101"));
        call.Decline();

        await ShowsAsync(async () => (await desk.EverythingAsync()).Should().Equal(
            "call: Anna: Missed", "record: Anna: Missed call", "record: Anna: Incoming call", "alert: Anna"));
    }

    [BrowserFact]
    public async Task Name_ThatIsMarkup_StaysText()
    {
        string[] names =
        [
            "<img src=x onerror=\"document.title='hacked'\">",
            "</strong><script>document.title='hacked'</script>",
            "&lt;b&gt; ${7*7} {{7*7}} 'quoted' \"twice\"",
        ];
        await StartDeskAsync();
        var desk = await OpenDeskAsync();

        foreach (var name in names)
        {
            Instance.CallFrom(name).Ring();
        }

        await ShowsAsync(async () => (await desk.EverythingAsync()).Should().BeEquivalentTo(names.SelectMany(name => new[]
        {
            $"rings: {name}", $"call: {name}: Ringing", $"record: {name}: Incoming call", $"alert: {name}",
        })));
        (await desk.Page.Locator("main img, main script, main strong *").CountAsync()).Should().Be(0);
        (await desk.Page.TitleAsync()).Should().Be("(3) Call desk");
    }
}
