using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>The one browser of the whole run; whoever looks at a page does so in a context of their own.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Chromium.SkipReason is not null)
        {
            return;
        }

        var path = Chromium.Path ?? throw new FileNotFoundException("Under CI there must be a Chromium on the PATH.");
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            // Its sandbox refuses to start for root, and all it opens here is our own page.
            Args = ["--headless", "--no-sandbox", "--disable-gpu"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_playwright is not null)
        {
            await Browser.DisposeAsync();
            _playwright.Dispose();
        }
    }
}

/// <summary>All tests, one after another: one browser, and two cores are enough for it.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollectionDefinition : ICollectionFixture<BrowserFixture>
{
    public const string Name = "Browser";
}

/// <summary>A test that needs a browser: without one it is skipped, except under CI, where it must be there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.SkipReason;
}

/// <summary>The Chromium of the machine: what Playwright would download is not to be had everywhere.</summary>
internal static class Chromium
{
    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["chrome.exe"] : ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Where it is; null when there is none.</summary>
    public static string? Path { get; } = (
        from folder in Environment.GetEnvironmentVariable("PATH")?.Split(System.IO.Path.PathSeparator) ?? []
        from name in Names
        let path = System.IO.Path.Combine(folder, name)
        where File.Exists(path)
        select path).FirstOrDefault();

    /// <summary>Why there can be no browser; null when there can, or has to be.</summary>
    public static string? SkipReason { get; } =
        Path is null && Environment.GetEnvironmentVariable("CI") != "true" ? $"No Chromium on the PATH ({string.Join(", ", Names)})." : null;
}
