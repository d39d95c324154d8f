namespace IncomingCalls.Orleans.Tests.Redis;

/// <summary>A test that needs a Redis server. Without one it is skipped, except under CI, where it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute() => Skip = Missing;

    /// <summary>The reason to skip tests; null when Redis is installed, or under CI, where it is required.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable("CI") == "true" || Folders.Any(folder => File.Exists(Path.Combine(folder, Executable)))
        ? null
        : "No redis-server on the PATH.";

    private static string[] Folders => Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];

    private static string Executable => OperatingSystem.IsWindows() ? "redis-server.exe" : "redis-server";
}
