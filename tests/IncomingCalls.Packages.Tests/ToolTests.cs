namespace IncomingCalls.Packages.Tests;

[Collection(nameof(PackedPackages))]
public sealed class ToolTests(PackedPackages packages)
{
    [Fact]
    public async Task Tool_Installed_PrintsItsVersion()
    {
        var folder = packages.CreateUserFolder("tool");
        (await ProcessRun.RunDotnetAsync(folder, "tool", "install", "IncomingCalls.Cli", "--version", packages.Version, "--tool-path", "tools")).EnsureSucceeded();

        var tool = Path.Combine(folder, "tools", "incoming-calls" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        (await ProcessRun.RunAsync(folder, tool, "--version")).EnsureSucceeded().Output.Should().Contain(packages.Version);
    }
}
