using System.Globalization;
using System.Reflection;
using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Screenshots;

/// <summary>The screenshots of the documentation: a desk in the late morning.</summary>
public sealed class ScreenshotTests(BrowserFixture browser) : OwnDeskTests(browser)
{
    private static readonly ViewportSize Screen = new() { Width = 1200, Height = 800 };
    private static readonly ViewportSize Phone = new() { Width = 360, Height = 740 };

    [BrowserFact]
    public async Task TakeAsync_EnglishPages_StayWithinTheSizeLimit()
    {
        await StartDeskAsync();
        await SimulateMorningAsync("Maria Kowalska", "James Okafor", "Olga, delivery", "Romashka Ltd", "Ivan Petrov");
        await PostAsync("{ no json");
        await PostAsync("""{"typeWebhook":"incomingCall","status":"offer"}""");

        await TakeDeskAsync(CreateOptions("en-GB", ColorScheme.Light, Screen), "calldesk.png");
        await TakeDeskAsync(CreateOptions("en-GB", ColorScheme.Dark, Screen), "calldesk-dark.png");
        await TakeDeskAsync(CreateOptions("en-GB", ColorScheme.Light, Phone), "calldesk-phone.png");

        var status = await OpenStatusAsync(CreateOptions("en-GB", ColorScheme.Light, new() { Width = 1200, Height = 860 }));
        await status.ExamineButton.ClickAsync();
        await EventuallyAsync(async () => (await status.GetInstanceRowsAsync()).Should().ContainSingle().Which.Should().NotEndWith(": "));
        await EventuallyAsync(async () => (await status.GetQuarantineRowsAsync()).Should().HaveCount(2));
        await DocumentationScreenshot.TakeAsync(status.Page, "calldesk-status.png");
    }

    [BrowserFact]
    public async Task TakeAsync_RussianPage_StaysWithinTheSizeLimit()
    {
        Settings["IncomingCalls:Culture"] = "ru";
        await StartDeskAsync();
        await SimulateMorningAsync("Мария Ковальская", "Джеймс", "Ольга, доставка", "ООО «Ромашка»", "Иван Петров");

        await TakeDeskAsync(CreateOptions("ru-RU", ColorScheme.Light, Screen), "calldesk.ru.png");
    }

    private async Task SimulateMorningAsync(params string[] names)
    {
        var statuses = new[] { "pickUp", "declined", "hungUp", "pickUp", "missed", "pickUp", "declined" };
        for (var i = 0; i < statuses.Length; i++)
        {
            var minutesAgo = 3 + (4 * (statuses.Length - i));
            Instance.PlacePastCallFrom(names[i * 2 % names.Length], TimeSpan.FromMinutes(minutesAgo), TimeSpan.FromSeconds(4 + (i * 5 % 13)), statuses[i]);
        }

        await WaitUntilAcknowledgedAsync();
        Instance.PlaceCallFrom(names[0], call => call.TimestampShift = TimeSpan.FromSeconds(-7)).Ring();
        Instance.PlaceCallFrom(names[^1], call => call.TimestampShift = TimeSpan.FromSeconds(-2)).Ring();
        await WaitUntilAcknowledgedAsync();
    }

    private async Task TakeDeskAsync(BrowserNewContextOptions options, string name)
    {
        DeskPageView desk = await OpenDeskAsync(options);
        await EventuallyAsync(async () => (await desk.GetCallRowsAsync()).Should().HaveCount(9).And.NotContain(row => row.StartsWith('+')));
        await EventuallyAsync(async () => (await desk.GetRingingNamesAsync()).Should().HaveCount(2));
        await EventuallyAsync(async () => (await desk.GetCallbackRowsAsync()).Should().HaveCount(3).And.NotContain(row => row.StartsWith('+')));
        await DocumentationScreenshot.TakeAsync(desk.Page, name);
    }

    /// <summary>Creates options with a time zone in which it is between eleven and twelve o'clock: the desk shows one day, so its calls of the morning are shown whenever the test runs.</summary>
    private static BrowserNewContextOptions CreateOptions(string locale, ColorScheme scheme, ViewportSize size) => new()
    {
        Locale = locale,
        ColorScheme = scheme,
        ViewportSize = size,
        // The signs of these zones follow POSIX: zones behind UTC have a plus.
        TimezoneId = string.Create(CultureInfo.InvariantCulture, $"Etc/GMT{TimeProvider.System.GetUtcNow().Hour - 11:+0;-0;+0}"),
    };
}

/// <summary>A screenshot of the documentation.</summary>
internal static class DocumentationScreenshot
{
    /// <summary>The size limit, so that pages of the documentation load fast.</summary>
    private const int MaxBytes = 150_000;

    private static readonly string Folder = typeof(DocumentationScreenshot).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Screenshots").Value!;

    /// <summary>Takes a screenshot, and replaces the file in the repository when <c>UPDATE_SCREENSHOTS</c> is 1.</summary>
    public static async Task TakeAsync(IPage page, string name)
    {
        var bytes = await page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled });

        bytes.Length.Should().BeLessThan(MaxBytes);
        if (Environment.GetEnvironmentVariable("UPDATE_SCREENSHOTS") == "1")
        {
            await File.WriteAllBytesAsync(Path.Combine(Folder, name), bytes);
        }

        File.Exists(Path.Combine(Folder, name)).Should().BeTrue("the screenshot should exist; UPDATE_SCREENSHOTS=1 creates it");
    }
}
