using System.Runtime.Versioning;

namespace IncomingCalls.CrashTests.Tests.Faults;

public class ReadOnlyFileTests
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    [ReadOnlyFileFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Start_FileMayNotBeWritten_NothingIsAcknowledgedUntilItMay()
    {
        await using var desk = await FaultDesk.StartAsync();
        await using (var host = await desk.StartListeningAsync())
        {
            desk.Ring();
            await desk.UntilHandledAsync(host);
            await desk.EndWellAsync(host);
        }

        File.SetUnixFileMode(desk.InboxPath, ReadOnly);
        await using var next = await desk.StartListeningAsync(ReadOnlyFileFactAttribute.Wrapper);
        desk.Ring();
        await desk.UntilRefusedAsync(next, times: 5);
        await FaultDesk.UntilLoggedAsync(next, "Error 3016 ");
        desk.Gateway.Waiting.Should().Be(4);
        FaultDesk.LinesOf(next, "Error 4003 ").Should().Be(1);

        File.SetUnixFileMode(desk.InboxPath, ReadOnly | UnixFileMode.UserWrite);
        await desk.UntilHandledAsync(next);
        FaultDesk.LinesOf(next, "Error 4003 ").Should().Be(1);
        FaultDesk.LinesOf(next, "Information 4004 ").Should().Be(1);
        await desk.EndWellAsync(next);
    }
}
