using System.Reflection;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Pictures;

/// <summary>A picture of the documentation.</summary>
internal static class DocumentationScreenshot
{
    /// <summary>A page of documentation should not make anybody wait.</summary>
    private const int MaxBytes = 150_000;

    private static readonly string Folder = typeof(DocumentationScreenshot).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Pictures").Value!;

    /// <summary>Takes it, and replaces the one in the repository when <c>UPDATE_SCREENSHOTS</c> is 1.</summary>
    public static async Task TakeAsync(IPage page, string name)
    {
        var bytes = await page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled });

        bytes.Length.Should().BeLessThan(MaxBytes);
        if (Environment.GetEnvironmentVariable("UPDATE_SCREENSHOTS") == "1")
        {
            await File.WriteAllBytesAsync(Path.Combine(Folder, name), bytes);
        }

        File.Exists(Path.Combine(Folder, name)).Should().BeTrue("UPDATE_SCREENSHOTS=1 makes it");
    }
}
