using IncomingCalls.Browser.Tests.Hosting;

namespace IncomingCalls.Browser.Tests;

public sealed class DemoTests(BrowserFixture browser) : OwnDeskTests(browser)
{
    [BrowserFact]
    public async Task Pages_InDemoMode_ShowTheBannerAndCalls()
    {
        await StartDemoAsync();
        var desk = await OpenDeskAsync();
        var russian = await OpenDeskAsync(new() { Locale = "ru-RU" });
        var status = await OpenStatusAsync();

        (await desk.Banner.InnerTextAsync()).Should().StartWith("Demonstration.");
        (await russian.Banner.InnerTextAsync()).Should().StartWith("Демонстрация.");
        (await status.Banner.InnerTextAsync()).Should().StartWith("Demonstration.");
        await EventuallyAsync(async () => (await desk.GetCallRowsAsync()).Should().NotBeEmpty());
    }

    [BrowserFact]
    public async Task Pages_OutsideDemoMode_ShowNoBanner()
    {
        await StartDeskAsync();

        (await (await OpenDeskAsync()).Banner.CountAsync()).Should().Be(0);
        (await (await OpenStatusAsync()).Banner.CountAsync()).Should().Be(0);
    }
}
