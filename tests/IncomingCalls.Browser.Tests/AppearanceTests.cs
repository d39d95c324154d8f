using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests;

/// <summary>The same desk on a phone, by night, and in another language.</summary>
public sealed class AppearanceTests(BrowserRun run) : BrowserTests(run)
{
    [BrowserFact]
    public async Task Desk_OnAPhone_FitsTheWidthWhateverTheNames()
    {
        string[] names =
        [
            "Bartholomäus-Maximilian von und zu Hohenlohe-Schillingsfürst, Einkaufsleiter Süd, bitte immer zurückrufen",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitzendenstellvertreter",
        ];
        await StartDeskAsync();
        var desk = await OpenDeskAsync(Look.Phone);
        foreach (var name in names)
        {
            Instance.CallFrom(name).Ring().Answer();
            Instance.CallFrom(name).Ring().Decline();
            Instance.CallFrom(name).Ring();
        }

        await ShowsAsync(async () => (await desk.EverythingAsync()).Should().HaveCount(24).And.OnlyContain(line => names.Any(line.Contains)));

        (await desk.OverhangAsync()).Should().Be(0);
    }

    [BrowserFact]
    public async Task Pages_FollowTheColoursOfTheSystem()
    {
        await StartDeskAsync();
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            BrowserNewContextOptions options = new() { ColorScheme = scheme };
            foreach (var view in new PageView[] { await OpenDeskAsync(options), await OpenStatusAsync(options) })
            {
                var (page, ink) = (await view.BrightnessAsync("background-color"), await view.BrightnessAsync("color"));
                (scheme == ColorScheme.Light ? page : ink).Should().BeGreaterThan(0.8);
                (scheme == ColorScheme.Light ? ink : page).Should().BeLessThan(0.2);
            }
        }
    }

    [BrowserFact]
    public async Task Pages_SpeakTheLanguageOfTheBrowser()
    {
        await StartDeskAsync();
        var english = await WordsAsync("en-GB");
        english.Should().Equal("en", "Call desk", "Call desk", "All 0", "live", "en", "Status");
        (await WordsAsync("ru-RU")).Should().Equal("ru", "Стол звонков", "Стол звонков", "Все 0", "на связи", "ru", "Состояние");
        (await WordsAsync("fr-FR")).Should().Equal(english, "English is for everybody else");
    }

    private async Task<string[]> WordsAsync(string locale)
    {
        BrowserNewContextOptions options = new() { Locale = locale };
        var desk = await OpenDeskAsync(options);
        var status = await OpenStatusAsync(options);
        return
        [
            await desk.LanguageAsync(), await desk.Page.TitleAsync(), await desk.Heading.InnerTextAsync(),
            await desk.Filter("all").InnerTextAsync(), await desk.Link.InnerTextAsync(),
            await status.LanguageAsync(), await status.Heading.InnerTextAsync(),
        ];
    }
}
