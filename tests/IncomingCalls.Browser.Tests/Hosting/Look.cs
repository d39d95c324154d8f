using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>How an operator's browser is set.</summary>
internal static class Look
{
    public static BrowserNewContextOptions Light => In(ColorScheme.Light);

    public static BrowserNewContextOptions Dark => In(ColorScheme.Dark);

    public static BrowserNewContextOptions Phone => new() { ViewportSize = new() { Width = 360, Height = 740 }, IsMobile = true };

    /// <summary>Without transitions, whose colours in between are nobody's design.</summary>
    private static BrowserNewContextOptions In(ColorScheme scheme) => new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce };
}
