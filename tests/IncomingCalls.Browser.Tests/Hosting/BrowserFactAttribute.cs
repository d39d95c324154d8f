namespace IncomingCalls.Browser.Tests.Hosting;

/// <summary>A test that needs a browser: without one it is skipped, except under CI, where it must be there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.SkipReason;
}
