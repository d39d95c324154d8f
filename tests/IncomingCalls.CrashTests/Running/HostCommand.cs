namespace IncomingCalls.CrashTests;

/// <summary>How to start this program again, as a host.</summary>
internal static class HostCommand
{
    /// <summary>The file to run, and its first arguments.</summary>
    public static IReadOnlyList<string> Default { get; } = Find("IncomingCalls.CrashTests");

    /// <summary>The same for another program that is killer and host.</summary>
    public static IReadOnlyList<string> Find(string name)
    {
        var folder = AppContext.BaseDirectory;
        var library = Path.Combine(folder, $"{name}.dll");
        // Without a library it was published as native code.
        return File.Exists(library)
            ? [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", library, "host"]
            : [Path.Combine(folder, name), "host"];
    }
}
