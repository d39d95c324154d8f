using System.Runtime.Versioning;

namespace IncomingCalls.CrashTests.Tests.Faults;

public class ReadOnlyFileTests
{
    private const UnixFileMode ReadPermissions = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode TraversePermissions = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [ReadOnlyFileFact]
    [UnsupportedOSPlatform("windows")]
    public Task Start_ReadOnlyFile_NothingIsAcknowledgedUntilWritable() =>
        ShouldRefuseUntilWritableAsync(static environment => environment.InboxPath, ReadPermissions, "The process has no permission to write the file.");

    [ReadOnlyFileFact]
    [UnsupportedOSPlatform("windows")]
    public Task Start_ReadOnlyFolder_NothingIsAcknowledgedUntilWritable() =>
        ShouldRefuseUntilWritableAsync(static environment => Path.GetDirectoryName(environment.InboxPath)!, ReadPermissions | TraversePermissions, "needs permission to write the file and the folder that contains it");

    [UnsupportedOSPlatform("windows")]
    private static async Task ShouldRefuseUntilWritableAsync(Func<FaultEnvironment, string> pathOf, UnixFileMode readOnly, string because)
    {
        await using var environment = await FaultEnvironment.StartAsync();
        await using (var host = await environment.StartListeningAsync())
        {
            environment.PlaceMissedCalls();
            await environment.WaitUntilAcknowledgedAsync(host);
            await environment.StopAndCheckAsync(host);
        }

        File.SetUnixFileMode(pathOf(environment), readOnly);
        await using var next = await environment.StartListeningAsync(ReadOnlyFileFactAttribute.HostWrapper);
        environment.PlaceMissedCalls();
        await environment.WaitUntilRefusedAsync(next, times: 5);
        environment.Gateway.WaitingCount.Should().Be(4);
        next.Log.Should().ContainSingle(line => line.StartsWith("Error 4003 ", StringComparison.Ordinal), "the error is logged at most once a minute").Which.Should().Contain(because);
        FaultEnvironment.CountLogLines(next, "Error 3016 ").Should().Be(0, "nothing is polled before the inbox is open");
        (await FaultEnvironment.GetHealthAsync(next)).Should().Be("Unhealthy");

        File.SetUnixFileMode(pathOf(environment), readOnly | UnixFileMode.UserWrite);
        await environment.WaitUntilAcknowledgedAsync(next);
        FaultEnvironment.CountLogLines(next, "Error 4003 ").Should().Be(1);
        await FaultEnvironment.WaitUntilLoggedAsync(next, "Information 4004 ");
        (await FaultEnvironment.GetHealthAsync(next)).Should().Be("Healthy");
        await environment.StopAndCheckAsync(next);
    }
}

/// <summary>
/// A test of a host that has no right to write a file. Root may write every file, so under root setpriv runs the host without that right.
/// Where setpriv is missing the test is skipped, except under CI, where util-linux must be installed.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReadOnlyFileFactAttribute : FactAttribute
{
    private const string Tool = "setpriv";

    public ReadOnlyFileFactAttribute()
    {
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows has no signals.";
        }
        else if (HostWrapper is not null && Environment.GetEnvironmentVariable("CI") != "true" && !folders.Any(folder => File.Exists(Path.Combine(folder, Tool))))
        {
            Skip = $"Root needs {Tool} (util-linux) to run a host without the right to write every file.";
        }
    }

    /// <summary>The command that runs a host without the right of root to write every file; null where that is not needed.</summary>
    public static IReadOnlyList<string>? HostWrapper { get; } =
        Environment.IsPrivilegedProcess ? [Tool, "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"] : null;
}
