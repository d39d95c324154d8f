using System.Globalization;
using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Pictures;

/// <summary>The pictures of the documentation: a late morning at a desk.</summary>
public sealed class PictureTests(BrowserRun run) : BrowserTests(run)
{
    private static readonly ViewportSize Screen = new() { Width = 1200, Height = 800 };
    private static readonly ViewportSize Phone = new() { Width = 360, Height = 740 };

    [BrowserFact]
    public async Task Pictures_InEnglish_AreSmall()
    {
        await StartDeskAsync();
        await LiveThroughTheMorningAsync("Maria Kowalska", "James Okafor", "Olga, delivery", "Romashka Ltd", "Ivan Petrov");
        await PostAsync("{ no json");
        await PostAsync("""{"typeWebhook":"incomingCall","status":"offer"}""");

        await TakeDeskAsync(Setting("en-GB", ColorScheme.Light, Screen), "calldesk.png");
        await TakeDeskAsync(Setting("en-GB", ColorScheme.Dark, Screen), "calldesk-dark.png");
        await TakeDeskAsync(Setting("en-GB", ColorScheme.Light, Phone), "calldesk-phone.png");

        var status = await OpenStatusAsync(Setting("en-GB", ColorScheme.Light, new() { Width = 1200, Height = 860 }));
        await status.AskTheDoctor.ClickAsync();
        await ShowsAsync(async () => (await status.InstanceRowsAsync()).Should().ContainSingle().Which.Should().NotEndWith(": "));
        await ShowsAsync(async () => (await status.QuarantineRowsAsync()).Should().HaveCount(2));
        await Picture.TakeAsync(status.Page, "calldesk-status.png");
    }

    [BrowserFact]
    public async Task Picture_InRussian_IsSmall()
    {
        Settings["IncomingCalls:Culture"] = "ru";
        await StartDeskAsync();
        await LiveThroughTheMorningAsync("Мария Ковальская", "Джеймс", "Ольга, доставка", "ООО «Ромашка»", "Иван Петров");

        await TakeDeskAsync(Setting("ru-RU", ColorScheme.Light, Screen), "calldesk.ru.png");
    }

    private async Task LiveThroughTheMorningAsync(params string[] names)
    {
        var statuses = new[] { "pickUp", "declined", "hungUp", "pickUp", "missed", "pickUp", "declined" };
        for (var i = 0; i < statuses.Length; i++)
        {
            var minutesAgo = 3 + (4 * (statuses.Length - i));
            Instance.PastCallFrom(names[i * 2 % names.Length], TimeSpan.FromMinutes(minutesAgo), TimeSpan.FromSeconds(4 + (i * 5 % 13)), statuses[i]);
        }

        await HandledAsync();
        Instance.CallFrom(names[0], call => call.TimestampShift = TimeSpan.FromSeconds(-7)).Ring();
        Instance.CallFrom(names[^1], call => call.TimestampShift = TimeSpan.FromSeconds(-2)).Ring();
        await HandledAsync();
    }

    private async Task TakeDeskAsync(BrowserNewContextOptions look, string name)
    {
        DeskPageView desk = await OpenDeskAsync(look);
        await ShowsAsync(async () => (await desk.CallRowsAsync()).Should().HaveCount(9).And.NotContain(row => row.StartsWith('+')));
        await ShowsAsync(async () => (await desk.RingingNamesAsync()).Should().HaveCount(2));
        await Picture.TakeAsync(desk.Page, name);
    }

    /// <summary>It is between eleven and twelve there, whenever the test runs: the desk shows one day, and the morning belongs to it.</summary>
    private static BrowserNewContextOptions Setting(string locale, ColorScheme scheme, ViewportSize size) => new()
    {
        Locale = locale,
        ColorScheme = scheme,
        ViewportSize = size,
        // The signs of these zones are those of POSIX: what is behind UTC has a plus.
        TimezoneId = string.Create(CultureInfo.InvariantCulture, $"Etc/GMT{TimeProvider.System.GetUtcNow().Hour - 11:+0;-0;+0}"),
    };
}
