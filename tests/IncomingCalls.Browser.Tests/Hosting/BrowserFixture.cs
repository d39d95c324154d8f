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
