namespace IncomingCalls.CrashTests.Tests.Faults;

public class FullDiskTests
{
    /// <summary>What the host writes while it starts and handles a few calls, twice over.</summary>
    private const int DiskMegabytes = 8;

    /// <summary>In bytes: the log of SQLite begins with a header, and no page fits behind it.</summary>
    private const int LessThanACommit = 4096;

    /// <summary>A disk that is really full, where a file system may be mounted.</summary>
    [SmallDiskFact]
    public async Task DiskFills_NothingIsAcknowledgedUntilThereIsRoom()
    {
        using var disk = SmallDisk.Mount(DiskMegabytes);
        await using var desk = await FaultDesk.StartAsync(disk.Path);
        await using var host = await desk.StartListeningAsync();
        desk.Ring();
        await desk.UntilHandledAsync(host);

        disk.Fill();
        await RefusesAsync(desk, host, "database or disk is full");
        disk.Free();
        await RecoversAsync(desk, host);
    }

    /// <summary>The same with a limit on the size of files, which needs no rights, and which SQLite takes for an error of the disk.</summary>
    [LinuxFact]
    public async Task FilesMayNotGrow_NothingIsAcknowledgedUntilTheyMay()
    {
        await using var desk = await FaultDesk.StartAsync();
        await using var host = await desk.StartListeningAsync(FileSizeLimit.Wrapper);
        desk.Ring();
        await desk.UntilHandledAsync(host);

        FileSizeLimit.Set(host.Id, LessThanACommit);
        await RefusesAsync(desk, host, "disk I/O error");
        FileSizeLimit.Lift(host.Id);
        await RecoversAsync(desk, host);
    }

    private static async Task RefusesAsync(FaultDesk desk, HostProcess host, string because)
    {
        desk.Ring();
        await desk.UntilRefusedAsync(host, times: 10);
        await FaultDesk.UntilLoggedAsync(host, "Error 3016 ");
        desk.Gateway.Waiting.Should().Be(4);
        host.Log.Should().ContainSingle(line => line.StartsWith("Error 4003 ", StringComparison.Ordinal), "it is said once a minute").Which.Should().Contain(because);
        (await FaultDesk.HealthOfAsync(host)).Should().Be("Unhealthy");
    }

    private static async Task RecoversAsync(FaultDesk desk, HostProcess host)
    {
        await desk.UntilHandledAsync(host);
        FaultDesk.LinesOf(host, "Error 4003 ").Should().Be(1);
        FaultDesk.LinesOf(host, "Information 4004 ").Should().Be(1);
        (await FaultDesk.HealthOfAsync(host)).Should().Be("Healthy");
        await desk.EndWellAsync(host);
    }
}
