namespace IncomingCalls.CrashTests;

/// <summary>How to start this program again, as a host.</summary>
internal static class HostProgram
{
    private const string Name = "IncomingCalls.CrashTests";

    /// <summary>The file to run, and its first arguments.</summary>
    public static IReadOnlyList<string> Command { get; } = Find(AppContext.BaseDirectory);

    private static string[] Find(string folder)
    {
        var library = Path.Combine(folder, $"{Name}.dll");
        // Without a library it was published as native code.
        return File.Exists(library)
            ? [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", library, "host"]
            : [Path.Combine(folder, Name), "host"];
    }
}
