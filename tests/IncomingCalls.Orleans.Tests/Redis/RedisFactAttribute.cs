namespace IncomingCalls.Orleans.Tests.Redis;

/// <summary>A test of a cluster needs a Redis server: without one it is skipped, except under CI, where it must be there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute() => Skip = Missing;

    /// <summary>Why there can be no cluster; null when there can, or has to be.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable("CI") == "true" || Folders.Any(folder => File.Exists(Path.Combine(folder, Executable)))
        ? null
        : "No redis-server on the PATH.";

    private static string[] Folders => Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];

    private static string Executable => OperatingSystem.IsWindows() ? "redis-server.exe" : "redis-server";
}
