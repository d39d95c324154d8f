using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>Settings of the browsers of operators.</summary>
internal static class BrowserProfiles
{
    public static BrowserNewContextOptions Light => WithColorScheme(ColorScheme.Light);

    public static BrowserNewContextOptions Dark => WithColorScheme(ColorScheme.Dark);

    public static BrowserNewContextOptions Phone => new() { ViewportSize = new() { Width = 360, Height = 740 }, IsMobile = true };

    /// <summary>Transitions are switched off, since axe would check the colours in between.</summary>
    private static BrowserNewContextOptions WithColorScheme(ColorScheme scheme) => new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce };
}
