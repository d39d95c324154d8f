using System.Runtime.Versioning;

namespace IncomingCalls.CrashTests.Tests.Faults;

public class ReadOnlyFileTests
{
    private const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [ReadOnlyFileFact]
    [UnsupportedOSPlatform("windows")]
    public Task Start_FileMayNotBeWritten_NothingIsAcknowledgedUntilItMay() =>
        RefusesAsync(static desk => desk.InboxPath, Read, "The file may not be written.");

    [ReadOnlyFileFact]
    [UnsupportedOSPlatform("windows")]
    public Task Start_FolderMayNotBeWritten_NothingIsAcknowledgedUntilItMay() =>
        RefusesAsync(static desk => Path.GetDirectoryName(desk.InboxPath)!, Read | Enter, "needs the right to write it, and the folder it is in");

    [UnsupportedOSPlatform("windows")]
    private static async Task RefusesAsync(Func<FaultDesk, string> pathOf, UnixFileMode readOnly, string because)
    {
        await using var desk = await FaultDesk.StartAsync();
        await using (var host = await desk.StartListeningAsync())
        {
            desk.Ring();
            await desk.UntilHandledAsync(host);
            await desk.EndWellAsync(host);
        }

        File.SetUnixFileMode(pathOf(desk), readOnly);
        await using var next = await desk.StartListeningAsync(ReadOnlyFileFactAttribute.Wrapper);
        desk.Ring();
        await desk.UntilRefusedAsync(next, times: 5);
        desk.Gateway.Waiting.Should().Be(4);
        next.Log.Should().ContainSingle(line => line.StartsWith("Error 4003 ", StringComparison.Ordinal), "it is said once a minute").Which.Should().Contain(because);
        FaultDesk.LinesOf(next, "Error 3016 ").Should().Be(0, "until the inbox is open nothing is polled");
        (await FaultDesk.HealthOfAsync(next)).Should().Be("Unhealthy");

        File.SetUnixFileMode(pathOf(desk), readOnly | UnixFileMode.UserWrite);
        await desk.UntilHandledAsync(next);
        FaultDesk.LinesOf(next, "Error 4003 ").Should().Be(1);
        FaultDesk.LinesOf(next, "Information 4004 ").Should().Be(1);
        (await FaultDesk.HealthOfAsync(next)).Should().Be("Healthy");
        await desk.EndWellAsync(next);
    }
}
