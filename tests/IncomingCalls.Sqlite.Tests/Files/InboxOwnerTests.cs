using System.Globalization;
using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Files;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Tests.Files;

/// <summary>
/// The owner of the file, which is the second guard beside the lock. Another machine is simulated by its row: the lock of a network file
/// system does not reach it.
/// </summary>
public class InboxOwnerTests
{
    private static readonly TimeSpan TakeoverDelay = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Start_RowOfAKilledProcessOfThisMachine_OpensAtOnce()
    {
        using var folder = await CreateFolderAsync();
        folder.Execute($"INSERT INTO owner VALUES (1, 'killed', '{Environment.MachineName}', 1, 5)");

        await using var host = await SqliteHost.StartAsync(folder.Path);

        (await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    [Fact]
    public async Task Start_AnotherMachineHasStopped_OpensWhenItsHeartbeatIsMissing()
    {
        using var folder = await CreateFolderAsync();
        SetOther(folder, heartbeats: 5);
        await using var host = await SqliteHost.StartAsync(folder.Path, options => options.LockTimeout = TimeSpan.FromSeconds(90));
        (await ReadinessAsync(host)).Should().Contain("is in use by another process (process 4711 of other-machine)");

        host.Clock.Advance(TakeoverDelay - TimeSpan.FromSeconds(1));
        (await ReadinessAsync(host)).Should().Contain("is in use by another process (process 4711 of other-machine)");
        await host.WaitUntilAsync(() => IsOpen(host), TimeSpan.FromSeconds(1));

        (await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Stored);
        host.QueryNumber("SELECT COUNT(*) FROM owner WHERE token = 'other-token'").Should().Be(0);
    }

    /// <summary>Otherwise every start would give up before it has seen that the heartbeat is missing.</summary>
    [Fact]
    public async Task Start_NoLockTimeoutAndAnotherMachineHasStopped_WaitsForItsHeartbeat()
    {
        using var folder = await CreateFolderAsync();
        SetOther(folder, heartbeats: 5);
        await using var host = await SqliteHost.StartAsync(folder.Path, options => options.LockTimeout = TimeSpan.Zero);

        await host.WaitUntilAsync(() => IsOpen(host), TimeSpan.FromSeconds(1));

        (await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    [Fact]
    public async Task Start_AnotherMachineIsAlive_StopsTheHostAtTheLockTimeout()
    {
        using var folder = await CreateFolderAsync();
        var heartbeats = 5;
        SetOther(folder, heartbeats);
        var host = await SqliteHost.StartAsync(folder.Path, options => options.LockTimeout = TimeSpan.FromSeconds(90));
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

        await host.WaitUntilAsync(
            () =>
            {
                SetOther(folder, ++heartbeats);
                return stopping.IsCancellationRequested;
            },
            TimeSpan.FromSeconds(2));

        var ending = () => host.DisposeAsync().AsTask();
        (await ending.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*is in use by another process (process 4711 of other-machine)*");
        folder.Execute("UPDATE owner SET heartbeats = 0 WHERE token = 'other-token'").Should().Be(1, "a file that is in use is not changed");
    }

    [Fact]
    public async Task AcceptAsync_AnotherProcessHasTakenTheFile_StoresNothingAndStopsTheHost()
    {
        using var folder = new InboxFolder();
        var host = await SqliteHost.StartAsync(folder.Path);
        var logs = host.Logs;
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        SetOther(folder, heartbeats: 0);

        var accepting = async () => await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"));
        await accepting.Should().ThrowAsync<CallInboxUnavailableException>();
        await accepting.Should().ThrowAsync<CallInboxUnavailableException>();
        await host.WaitUntilAsync(() => stopping.IsCancellationRequested);

        host.QueryNumber("SELECT COUNT(*) FROM calls").Should().Be(0);
        (await ReadinessAsync(host)).Should().Contain("Another process has taken over the inbox file");
        var ending = () => host.DisposeAsync().AsTask();
        (await ending.Should().ThrowAsync<InvalidOperationException>()).WithMessage("Another process has taken over the inbox file*");
        logs.GetSnapshot().Should().ContainSingle(record => record.Id.Id == 4013 && record.Level == LogLevel.Critical);
        folder.Execute("UPDATE owner SET heartbeats = 1 WHERE token = 'other-token'").Should().Be(1, "the row of the other process stays");
    }

    /// <summary>The other process has ended meanwhile. What this one remembers of the calls is out of date all the same.</summary>
    [Fact]
    public async Task AcceptAsync_AnotherProcessHasTakenTheFileAndEnded_StoresNothing()
    {
        using var folder = new InboxFolder();
        var host = await SqliteHost.StartAsync(folder.Path);
        folder.Execute("DELETE FROM owner").Should().Be(1);

        var accepting = async () => await host.Intake.AcceptAsync(SqliteHost.CreateCall("offer"));
        await accepting.Should().ThrowAsync<CallInboxUnavailableException>();

        host.QueryNumber("SELECT COUNT(*) FROM calls").Should().Be(0);
        await FluentActions.Awaiting(() => host.DisposeAsync().AsTask()).Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task Heartbeat_HostDrainsAHandler_IsWritten()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        var (started, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Recorder.BeforeRecording = (_, _) =>
        {
            started.TrySetResult();
            return finish.Task;
        };
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await started.Task;
        var stopping = host.StopAsync();
        var before = host.QueryNumber("SELECT heartbeats FROM owner");

        for (var i = 1; i <= 3; i++)
        {
            // Only as far as needed: the attempt ends with its timeout on the same clock.
            host.Clock.Advance(InboxOwner.HeartbeatInterval);
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT heartbeats FROM owner") >= before + i);
        }

        finish.SetResult();
        await stopping;
    }

    [Fact]
    public async Task Heartbeat_WhileTheHostRuns_IsWrittenAndEndsWithIt()
    {
        using var folder = new InboxFolder();
        await using (var host = await SqliteHost.StartAsync(folder.Path))
        {
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT heartbeats FROM owner") >= 3, TimeSpan.FromSeconds(1));
        }

        folder.Execute("DELETE FROM owner").Should().Be(0, "a host that stops gives up the file, so that the next one need not wait");
    }

    [Fact]
    public async Task TryAcquire_LocksOfThisFileSystem_AreEffective()
    {
        using var folder = await CreateFolderAsync();

        using var held = InboxLock.TryAcquire(folder.Path);

        held!.IsEffective.Should().BeTrue();
        InboxLock.TryAcquire(folder.Path).Should().BeNull();
    }

    private static async Task<InboxFolder> CreateFolderAsync()
    {
        var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        return folder;
    }

    private static void SetOther(InboxFolder folder, int heartbeats) => 
        folder.Execute($"INSERT OR REPLACE INTO owner VALUES (1, 'other-token', 'other-machine', 4711, {heartbeats.ToString(CultureInfo.InvariantCulture)})");

    private static bool IsOpen(SqliteHost host) => host.Logs.GetSnapshot().Any(record => record.Id.Id == 4001);

    private static async Task<string?> ReadinessAsync(SqliteHost host) =>
        (await host.Services.GetServices<ICallHealthSource>().Single(source => source.Name == "inbox").CheckAsync(CancellationToken.None)).Description;
}
