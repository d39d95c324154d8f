using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace IncomingCalls.Packages.Tests;

/// <summary>All packages, packed once into a folder, under a version that nobody has in a cache.</summary>
[CollectionDefinition(nameof(PackedPackages))]
public sealed class PackedPackages : IAsyncLifetime, ICollectionFixture<PackedPackages>
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("incoming-calls-packages-");

    public static string Repository { get; } = Path.GetFullPath(
        typeof(PackedPackages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!);

    /// <summary>Where the packages are.</summary>
    public string Folder { get; private set; } = "";

    public string Version { get; } = $"0.1.0-test.{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}";

    public async Task InitializeAsync()
    {
        Folder = _root.CreateSubdirectory("packages").FullName;
        // All at once, by a filter of the solution: packed one by one, each would look again at what it depends on, which takes twice the time.
        var projects = Directory.EnumerateFiles(Path.Combine(Repository, "src"), "*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Select(project => Path.GetRelativePath(Repository, project).Replace('/', '\\'));
        var filter = Path.Combine(_root.FullName, "packages.slnf");
        await File.WriteAllTextAsync(filter, JsonSerializer.Serialize(new { solution = new { path = Path.Combine(Repository, "IncomingCalls.sln"), projects } }));
        (await ProcessRun.RunDotnetAsync(
            Repository, "pack", filter, "-c", "Release", "-o", Folder, "-v", "quiet", "--nologo", $"-p:Version={Version}",
            "--artifacts-path", Path.Combine(_root.FullName, "artifacts"))).EnsureSucceeded();
    }

    /// <summary>
    /// A folder of a user, who has the packages at hand. What else there is comes from where it comes from in the repository; packages
    /// of this run stay in the folder.
    /// </summary>
    public string CreateUserFolder(string name)
    {
        var folder = _root.CreateSubdirectory(name).FullName;
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{Folder}" />
              </packageSources>
              <config>
                <add key="globalPackagesFolder" value="{Path.Combine(_root.FullName, "cache")}" />
              </config>
              <fallbackPackageFolders>
                <add key="machine" value="{MachinePackageCache}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        // Whatever stands above the folder is not the user's.
        File.WriteAllText(Path.Combine(folder, "Directory.Build.props"), "<Project />");
        return folder;
    }

    public Task DisposeAsync()
    {
        _root.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private static string MachinePackageCache => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}

/// <summary>A command that ran to its end.</summary>
internal sealed record ProcessRun(int ExitCode, string Output)
{
    public static Task<ProcessRun> RunDotnetAsync(string folder, params string[] arguments) =>
        RunAsync(folder, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments);

    public static async Task<ProcessRun> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // A server that outlives its build would keep our streams open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        // What `dotnet test` tells its own children is not for this one.
        start.Environment.Remove("MSBuildSDKsPath");
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return new(process.ExitCode, texts[0] + texts[1]);
    }

    /// <summary>The run, if it succeeded.</summary>
    public ProcessRun EnsureSucceeded()
    {
        ExitCode.Should().Be(0, Output);
        return this;
    }
}
