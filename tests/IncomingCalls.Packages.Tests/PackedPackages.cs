using System.Diagnostics;
using System.Reflection;

namespace IncomingCalls.Packages.Tests;

/// <summary>Packs all packages once into a folder, with a version that no cache contains.</summary>
[CollectionDefinition(nameof(PackedPackages))]
public sealed class PackedPackages : IAsyncLifetime, ICollectionFixture<PackedPackages>
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("incoming-calls-packages-");

    public static string Repository { get; } = Path.GetFullPath(
        typeof(PackedPackages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!);

    /// <summary>The folder of the packages.</summary>
    public string Folder { get; private set; } = "";

    public string Version { get; } = $"0.1.0-test.{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}";

    public async Task InitializeAsync()
    {
        Folder = _root.CreateSubdirectory("packages").FullName;
        (await ProcessRun.RunDotnetAsync(
            Repository, "pack", Path.Combine("eng", "packages.slnf"), "-c", "Release", "-o", Folder, "-v", "quiet", "--nologo", $"-p:Version={Version}",
            "--artifacts-path", Path.Combine(_root.FullName, "artifacts"))).EnsureSucceeded();
    }

    /// <summary>
    /// Creates the folder of a user with the packed packages as a source. All other packages come from the cache of the machine; the packages of this
    /// run are cached in the temporary folder only.
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
        // Stops MSBuild from importing the properties of a parent folder.
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

/// <summary>The result of a command.</summary>
internal sealed record ProcessRun(int ExitCode, string Output)
{
    public static Task<ProcessRun> RunDotnetAsync(string folder, params string[] arguments) =>
        RunAsync(folder, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments);

    public static async Task<ProcessRun> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // A build server that outlives the build would keep the output streams open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        // `dotnet test` sets this variable for its child processes; it must not affect this command.
        start.Environment.Remove("MSBuildSDKsPath");
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return new(process.ExitCode, texts[0] + texts[1]);
    }

    /// <summary>Asserts that the command succeeded.</summary>
    public ProcessRun EnsureSucceeded()
    {
        ExitCode.Should().Be(0, Output);
        return this;
    }
}
