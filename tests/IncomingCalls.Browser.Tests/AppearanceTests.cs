using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using IncomingCalls.Testing;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests;

/// <summary>The pages on a phone, in both colour schemes, and in several languages.</summary>
public sealed class AppearanceTests(BrowserFixture browser, SharedDesk shared) : SharedDeskTests(browser, shared), IClassFixture<SharedDesk>
{
    [BrowserFact]
    public async Task Desk_OnAPhone_FitsTheWidthWithLongNames()
    {
        string[] names =
        [
            "Bartholomäus-Maximilian von und zu Hohenlohe-Schillingsfürst, Einkaufsleiter Süd, bitte immer zurückrufen",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitzendenstellvertreter",
        ];
        var desk = await OpenDeskAsync(BrowserProfiles.Phone);
        SimulatedCall[] calls = [.. names.SelectMany(name => Enumerable.Range(0, 3).Select(_ => Instance.PlaceCallFrom(name).Ring()))];
        // A call that has been answered or declined before its alert starts needs no alert.
        await EventuallyAsync(async () => (await desk.GetAllRowsAsync()).Count(static line => line.StartsWith("rings:", StringComparison.Ordinal)).Should().Be(calls.Length));
        foreach (var call in calls.Chunk(3))
        {
            call[0].Answer();
            call[1].Decline();
        }

        await EventuallyAsync(async () => (await desk.GetAllRowsAsync()).Should().HaveCount(24).And.OnlyContain(line => names.Any(line.Contains)));

        (await desk.GetHorizontalOverflowAsync()).Should().Be(0);
    }

    [BrowserFact]
    public async Task Pages_SystemColorScheme_IsFollowed()
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            BrowserNewContextOptions options = new() { ColorScheme = scheme };
            foreach (var view in new PageView[] { await OpenDeskAsync(options), await OpenStatusAsync(options) })
            {
                var (page, text) = (await view.GetBrightnessAsync("background-color"), await view.GetBrightnessAsync("color"));
                (scheme == ColorScheme.Light ? page : text).Should().BeGreaterThan(0.8);
                (scheme == ColorScheme.Light ? text : page).Should().BeLessThan(0.2);
            }
        }
    }

    [BrowserFact]
    public async Task Pages_BrowserLanguage_IsUsed()
    {
        var english = await GetWordsAsync("en-GB");
        english.Should().Equal("en", "Call desk", "Call desk", "All 0", "live", "en", "Status");
        (await GetWordsAsync("ru-RU")).Should().Equal("ru", "Журнал звонков", "Журнал звонков", "Все 0", "на связи", "ru", "Состояние");
        (await GetWordsAsync("fr-FR")).Should().Equal(english, "English is the fallback language");
    }

    [BrowserFact]
    public async Task Dates_BrowserLocale_IsUsed()
    {
        await PostAsync("{ no json");
        (string Locale, string Date)[] expected =
        [
            ("en-GB", @"\d\d/\d\d/\d{4}, \d\d:\d\d"),
            ("en-US", @"\d\d?/\d\d?/\d\d, \d\d?:\d\d\s[AP]M"),
            ("ru-RU", @"\d\d\.\d\d\.\d{4}, \d\d:\d\d"),
            ("fr-FR", @"\d\d/\d\d/\d{4}, \d\d:\d\d"),
        ];
        foreach (var (locale, date) in expected)
        {
            var status = await OpenStatusAsync(new() { Locale = locale });
            await EventuallyAsync(async () => (await status.GetQuarantineTimesAsync()).Should().ContainSingle().Which.Should().MatchRegex($"^{date}$"));
        }
    }

    [BrowserFact]
    public async Task Pages_BeforeLoading_ShowNoEmptyMessage()
    {
        foreach (var view in new PageView[] { await OpenDeskAsync(), await OpenStatusAsync() })
        {
            TaskCompletionSource responsesReleased = new();
            await view.Page.RouteAsync("**/api/**", async route =>
            {
                await responsesReleased.Task;
                await route.ContinueAsync();
            });
            await view.Page.ReloadAsync();

            (await view.EmptyMessages.AllInnerTextsAsync()).Should().BeEmpty();

            responsesReleased.SetResult();
            await EventuallyAsync(async () => (await view.EmptyMessages.AllInnerTextsAsync()).Should().NotBeEmpty());
        }
    }

    private async Task<string[]> GetWordsAsync(string locale)
    {
        BrowserNewContextOptions options = new() { Locale = locale };
        var desk = await OpenDeskAsync(options);
        var status = await OpenStatusAsync(options);
        return
        [
            await desk.GetLanguageAsync(), await desk.Page.TitleAsync(), await desk.Heading.InnerTextAsync(),
            await desk.Filter("all").InnerTextAsync(), await desk.ConnectionState.InnerTextAsync(),
            await status.GetLanguageAsync(), await status.Heading.InnerTextAsync(),
        ];
    }
}
