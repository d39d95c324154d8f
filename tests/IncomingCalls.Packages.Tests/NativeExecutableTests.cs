using IncomingCalls.Processes;
using Xunit.Abstractions;

namespace IncomingCalls.Packages.Tests;

/// <summary>The sources of IncomingCalls.AotSmoke, built outside of the repository with the packages only.</summary>
[Collection(nameof(PackedPackages))]
public sealed class NativeExecutableTests(PackedPackages packages, ITestOutputHelper output)
{
    [NativeToolchainFact]
    public Task Publish_Native_BuildsWithoutWarningsAndHandlesOneCall() => PublishAndRunAsync("native", "PublishAot=true");

    [Fact]
    public Task Publish_Trimmed_BuildsWithoutWarningsAndHandlesOneCall() => PublishAndRunAsync("trimmed", "PublishTrimmed=true", "SelfContained=true");

    private async Task PublishAndRunAsync(string name, params string[] properties)
    {
        var folder = packages.CreateUserFolder(name);
        foreach (var source in Directory.EnumerateFiles(Path.Combine(PackedPackages.Repository, "tests", "IncomingCalls.AotSmoke"), "*.cs"))
        {
            File.Copy(source, Path.Combine(folder, Path.GetFileName(source)));
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "Smoke.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
                {string.Concat(properties.Select(property => property.Split('=')).Select(pair => $"<{pair[0]}>{pair[1]}</{pair[0]}>"))}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="IncomingCalls.AspNetCore" Version="{packages.Version}" />
                <PackageReference Include="IncomingCalls.GreenApi" Version="{packages.Version}" />
                <PackageReference Include="IncomingCalls.PostgreSql" Version="{packages.Version}" />
                <PackageReference Include="IncomingCalls.Sqlite" Version="{packages.Version}" />
              </ItemGroup>
            </Project>
            """);
        var published = (await ProcessRun.RunDotnetAsync(folder, "publish", "-c", "Release", "-o", "out", "--use-current-runtime")).EnsureSucceeded();
        published.Output.Should().NotContain("warning IL", "code that is trimmed by mistake would fail only at the first call");

        var executable = Path.Combine(folder, "out", "Smoke" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        output.WriteLine($"{name} executable: {new FileInfo(executable).Length / 1024.0 / 1024.0:F1} MiB");
        (await ProcessRun.RunAsync(folder, executable)).EnsureSucceeded().Output.Should().Contain("handled one call: ok");
        if (PostgresServer.Missing is null)
        {
            await using var postgres = await PostgresServer.StartAsync();
            (await ProcessRun.RunAsync(folder, executable, "--Postgres", postgres.ConnectionString("postgres"))).EnsureSucceeded().Output.Should().Contain("handled one call: ok");
        }
    }
}

/// <summary>A test that needs a native linker. Without one it is skipped, except under CI, where it fails.</summary>
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
