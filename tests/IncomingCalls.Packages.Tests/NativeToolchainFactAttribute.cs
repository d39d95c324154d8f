namespace IncomingCalls.Packages.Tests;

/// <summary>A native executable needs a linker: without one the test is skipped, except under CI, where it must be there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NativeToolchainFactAttribute : FactAttribute
{
    public NativeToolchainFactAttribute()
    {
        string[] linkers = OperatingSystem.IsWindows() ? ["link.exe"] : ["clang", "gcc"];
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        if (Environment.GetEnvironmentVariable("CI") != "true" && !linkers.Any(linker => folders.Any(folder => File.Exists(Path.Combine(folder, linker)))))
        {
            Skip = $"No native linker on the PATH ({string.Join(" or ", linkers)}).";
        }
    }
}
