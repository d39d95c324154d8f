using System.Runtime.Versioning;

namespace IncomingCalls.CrashTests.Tests.Faults;

public class ReadOnlyFileTests
{
    private const UnixFileMode ReadPermissions = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode TraversePermissions = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [ReadOnlyFileFact]
    [UnsupportedOSPlatform("windows")]
    public Task Start_ReadOnlyFile_NothingIsAcknowledgedUntilWritable() =>
        ShouldRefuseUntilWritableAsync(static desk => desk.InboxPath, ReadPermissions, "The file may not be written.");

    [ReadOnlyFileFact]
    [UnsupportedOSPlatform("windows")]
    public Task Start_ReadOnlyFolder_NothingIsAcknowledgedUntilWritable() =>
        ShouldRefuseUntilWritableAsync(static desk => Path.GetDirectoryName(desk.InboxPath)!, ReadPermissions | TraversePermissions, "needs the right to write it, and the folder it is in");

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
