namespace IncomingCalls.Packages.Tests;

[Collection(nameof(PackedPackages))]
public sealed class ToolTests(PackedPackages packages)
{
    [Fact]
    public async Task Tool_Installed_SaysItsVersion()
    {
        var folder = packages.NewFolder("tool");
        (await ProcessRun.DotnetAsync(folder, "tool", "install", "IncomingCalls.Cli", "--version", packages.Version, "--tool-path", "tools")).Succeeded();

        var tool = Path.Combine(folder, "tools", "incoming-calls" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        (await ProcessRun.StartAsync(folder, tool, "--version")).Succeeded().Output.Should().Contain(packages.Version);
    }
}
