using System.Runtime.Versioning;

namespace IncomingCalls.CrashTests.Tests.Faults;

public class ReadOnlyFileTests
{
    private const UnixFileMode ReadPermissions = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode TraversePermissions = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [ReadOnlyFileFact]
    [UnsupportedOSPlatform("windows")]
    public Task Start_ReadOnlyFile_NothingIsAcknowledgedUntilWritable() =>
        ShouldRefuseUntilWritableAsync(static desk => desk.InboxPath, ReadPermissions, "The process has no permission to write the file.");

    [ReadOnlyFileFact]
    [UnsupportedOSPlatform("windows")]
    public Task Start_ReadOnlyFolder_NothingIsAcknowledgedUntilWritable() =>
        ShouldRefuseUntilWritableAsync(static desk => Path.GetDirectoryName(desk.InboxPath)!, ReadPermissions | TraversePermissions, "needs permission to write the file and the folder that contains it");

    [UnsupportedOSPlatform("windows")]
    private static async Task ShouldRefuseUntilWritableAsync(Func<FaultEnvironment, string> pathOf, UnixFileMode readOnly, string because)
    {
        await using var desk = await FaultEnvironment.StartAsync();
        await using (var host = await desk.StartListeningAsync())
        {
            desk.PlaceMissedCalls();
            await desk.WaitUntilHandledAsync(host);
            await desk.StopAndCheckAsync(host);
        }

        File.SetUnixFileMode(pathOf(desk), readOnly);
        await using var next = await desk.StartListeningAsync(ReadOnlyFileFactAttribute.HostWrapper);
        desk.PlaceMissedCalls();
        await desk.WaitUntilRefusedAsync(next, times: 5);
        desk.Gateway.WaitingCount.Should().Be(4);
        next.Log.Should().ContainSingle(line => line.StartsWith("Error 4003 ", StringComparison.Ordinal), "it is said once a minute").Which.Should().Contain(because);
        FaultEnvironment.CountLogLines(next, "Error 3016 ").Should().Be(0, "until the inbox is open nothing is polled");
        (await FaultEnvironment.GetHealthAsync(next)).Should().Be("Unhealthy");

        File.SetUnixFileMode(pathOf(desk), readOnly | UnixFileMode.UserWrite);
        await desk.WaitUntilHandledAsync(next);
        FaultEnvironment.CountLogLines(next, "Error 4003 ").Should().Be(1);
        FaultEnvironment.CountLogLines(next, "Information 4004 ").Should().Be(1);
        (await FaultEnvironment.GetHealthAsync(next)).Should().Be("Healthy");
        await desk.StopAndCheckAsync(next);
    }
}

/// <summary>
/// A test of a host that may not write a file. Root may write every file, so that under root the host runs without that right,
/// which setpriv takes away; where it is missing the test is skipped, except under CI, where util-linux is to be installed.
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
            Skip = $"Root needs {Tool} (util-linux) to run a host that may not write everything.";
        }
    }

    /// <summary>What runs a host without root's right to write every file; null where that is not needed.</summary>
    public static IReadOnlyList<string>? HostWrapper { get; } =
        Environment.IsPrivilegedProcess ? [Tool, "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"] : null;
}
