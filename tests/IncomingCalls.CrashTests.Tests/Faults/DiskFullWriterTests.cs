namespace IncomingCalls.CrashTests.Tests.Faults;

public class DiskFullWriterTests
{
    /// <summary>Twice what the host writes while it starts and handles a few calls.</summary>
    private const int DiskMegabytes = 8;

    /// <summary>In bytes: the log of SQLite begins with a header, and no page fits after it.</summary>
    private const int BytesBelowOneCommit = 4096;

    /// <summary>A disk that is really full; needs the right to mount a file system.</summary>
    [SmallDiskFact]
    public async Task Accept_DiskFull_IsNotAcknowledgedUntilSpaceIsFree()
    {
        using var disk = SmallDisk.Mount(DiskMegabytes);
        await using var environment = await FaultEnvironment.StartAsync(disk.Path);
        await using var host = await environment.StartListeningAsync();
        environment.PlaceMissedCalls();
        await environment.WaitUntilAcknowledgedAsync(host);

        disk.Fill();
        await ShouldRefuseAsync(environment, host, "database or disk is full");
        disk.Free();
        await ShouldRecoverAsync(environment, host);
    }

    /// <summary>The same with a limit on the size of files, which needs no rights and which SQLite reports as a disk error.</summary>
    [LinuxFact]
    public async Task Accept_FileSizeLimitReached_IsNotAcknowledgedUntilLifted()
    {
        await using var environment = await FaultEnvironment.StartAsync();
        await using var host = await environment.StartListeningAsync(FileSizeLimit.HostWrapper);
        environment.PlaceMissedCalls();
        await environment.WaitUntilAcknowledgedAsync(host);

        FileSizeLimit.Set(host.Id, BytesBelowOneCommit);
        await ShouldRefuseAsync(environment, host, "disk I/O error");
        FileSizeLimit.Lift(host.Id);
        await ShouldRecoverAsync(environment, host);
    }

    private static async Task ShouldRefuseAsync(FaultEnvironment environment, HostProcess host, string because)
    {
        environment.PlaceMissedCalls();
        await environment.WaitUntilRefusedAsync(host, times: 10);
        await FaultEnvironment.WaitUntilLoggedAsync(host, "Error 3016 ");
        environment.Gateway.WaitingCount.Should().Be(4);
        host.Log.Should().ContainSingle(line => line.StartsWith("Error 4003 ", StringComparison.Ordinal), "the error is logged at most once a minute").Which.Should().Contain(because);
        (await FaultEnvironment.GetHealthAsync(host)).Should().Be("Unhealthy");
    }

    private static async Task ShouldRecoverAsync(FaultEnvironment environment, HostProcess host)
    {
        await environment.WaitUntilAcknowledgedAsync(host);
        FaultEnvironment.CountLogLines(host, "Error 4003 ").Should().Be(1);
        await FaultEnvironment.WaitUntilLoggedAsync(host, "Information 4004 ");
        (await FaultEnvironment.GetHealthAsync(host)).Should().Be("Healthy");
        await environment.StopAndCheckAsync(host);
    }
}
