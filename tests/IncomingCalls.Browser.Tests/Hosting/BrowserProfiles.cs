using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>How an operator's browser is set.</summary>
internal static class BrowserProfiles
{
    public static BrowserNewContextOptions Light => WithColorScheme(ColorScheme.Light);

    public static BrowserNewContextOptions Dark => WithColorScheme(ColorScheme.Dark);

    public static BrowserNewContextOptions Phone => new() { ViewportSize = new() { Width = 360, Height = 740 }, IsMobile = true };

    /// <summary>Without transitions, whose colours in between are nobody's design.</summary>
    private static BrowserNewContextOptions WithColorScheme(ColorScheme scheme) => new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce };
}
