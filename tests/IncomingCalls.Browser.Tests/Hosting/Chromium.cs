namespace IncomingCalls.Browser.Tests.Hosting;

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
