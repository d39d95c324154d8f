namespace IncomingCalls.CrashTests.Tests.Faults;

public class DiskFullWriterTests
{
    /// <summary>What the host writes while it starts and handles a few calls, twice over.</summary>
    private const int DiskMegabytes = 8;

    /// <summary>In bytes: the log of SQLite begins with a header, and no page fits behind it.</summary>
    private const int BytesBelowOneCommit = 4096;

    /// <summary>A disk that is really full, where a file system may be mounted.</summary>
    [SmallDiskFact]
    public async Task Accept_DiskFull_IsNotAcknowledgedUntilSpaceIsFree()
    {
        using var disk = SmallDisk.Mount(DiskMegabytes);
        await using var desk = await FaultEnvironment.StartAsync(disk.Path);
        await using var host = await desk.StartListeningAsync();
        desk.PlaceMissedCalls();
        await desk.WaitUntilHandledAsync(host);

        disk.Fill();
        await ShouldRefuseAsync(desk, host, "database or disk is full");
        disk.Free();
        await ShouldRecoverAsync(desk, host);
    }

    /// <summary>The same with a limit on the size of files, which needs no rights, and which SQLite takes for an error of the disk.</summary>
    [LinuxFact]
    public async Task Accept_FileSizeLimitReached_IsNotAcknowledgedUntilLifted()
    {
        await using var desk = await FaultEnvironment.StartAsync();
        await using var host = await desk.StartListeningAsync(FileSizeLimit.HostWrapper);
        desk.PlaceMissedCalls();
        await desk.WaitUntilHandledAsync(host);

        FileSizeLimit.Set(host.Id, BytesBelowOneCommit);
        await ShouldRefuseAsync(desk, host, "disk I/O error");
        FileSizeLimit.Lift(host.Id);
        await ShouldRecoverAsync(desk, host);
    }

    private static async Task ShouldRefuseAsync(FaultEnvironment desk, HostProcess host, string because)
    {
        desk.PlaceMissedCalls();
        await desk.WaitUntilRefusedAsync(host, times: 10);
        await FaultEnvironment.WaitUntilLoggedAsync(host, "Error 3016 ");
        desk.Gateway.WaitingCount.Should().Be(4);
        host.Log.Should().ContainSingle(line => line.StartsWith("Error 4003 ", StringComparison.Ordinal), "it is said once a minute").Which.Should().Contain(because);
        (await FaultEnvironment.GetHealthAsync(host)).Should().Be("Unhealthy");
    }

    private static async Task ShouldRecoverAsync(FaultEnvironment desk, HostProcess host)
    {
        await desk.WaitUntilHandledAsync(host);
        FaultEnvironment.CountLogLines(host, "Error 4003 ").Should().Be(1);
        FaultEnvironment.CountLogLines(host, "Information 4004 ").Should().Be(1);
        (await FaultEnvironment.GetHealthAsync(host)).Should().Be("Healthy");
        await desk.StopAndCheckAsync(host);
    }
}
