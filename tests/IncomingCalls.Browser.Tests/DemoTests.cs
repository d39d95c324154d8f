using IncomingCalls.Browser.Tests.Hosting;

namespace IncomingCalls.Browser.Tests;

public sealed class DemoTests(BrowserRun run) : BrowserTests(run)
{
    [BrowserFact]
    public async Task Pages_OfADemonstration_SayThatTheyAreOneWhileCallsComeIn()
    {
        await StartDemoAsync();
        var desk = await OpenDeskAsync();
        var russian = await OpenDeskAsync(new() { Locale = "ru-RU" });
        var status = await OpenStatusAsync();

        (await desk.Banner.InnerTextAsync()).Should().StartWith("Demonstration.");
        (await russian.Banner.InnerTextAsync()).Should().StartWith("Демонстрация.");
        (await status.Banner.InnerTextAsync()).Should().StartWith("Demonstration.");
        await ShowsAsync(async () => (await desk.CallRowsAsync()).Should().NotBeEmpty());
    }

    [BrowserFact]
    public async Task Pages_OfADeskThatWorks_DoNotClaimToBeADemonstration()
    {
        await StartDeskAsync();

        (await (await OpenDeskAsync()).Banner.CountAsync()).Should().Be(0);
        (await (await OpenStatusAsync()).Banner.CountAsync()).Should().Be(0);
    }
}
