using IncomingCalls.Sqlite.Tests.Destinations;
using IncomingCalls.Sqlite.Tests.Fixtures;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Sqlite.Tests.Health;

public class HealthTests
{
    [Fact]
    public async Task CheckHealth_FileIsWritable_IsHealthy()
    {
        using var folder = new InboxFolder();
        await using var host = await StartAsync(folder);

        var entry = await CheckAsync(host);

        entry.Status.Should().Be(HealthStatus.Healthy);
        entry.Data["inbox"].Should().Be("Healthy");
        entry.Tags.Should().Contain("ready");
    }

    /// <summary>A host that is not ready receives no requests, so the inbox has to detect the recovery without traffic.</summary>
    [MovableFileFact]
    public async Task CheckHealth_FileNotWritable_IsUnhealthyUntilWritableWithoutTraffic()
    {
        using var folder = new InboxFolder();
        await using var host = await StartAsync(folder);

        using (new MissingFile(folder.Path))
        {
            await WaitUntilAsync(host, HealthStatus.Unhealthy);
            (await CheckAsync(host)).Description.Should().Match("The inbox file cannot be written: *is gone*");
        }

        await WaitUntilAsync(host, HealthStatus.Healthy);
    }

    [Fact]
    public async Task CheckHealth_FileInUseByAnotherHost_IsUnhealthyUntilReleased()
    {
        using var folder = new InboxFolder();
        using var other = new FileStream($"{folder.Path}.lock", FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        await using var host = await StartAsync(folder, TimeSpan.FromSeconds(90));

        var entry = await CheckAsync(host);
        entry.Status.Should().Be(HealthStatus.Unhealthy);
        entry.Description.Should().Match("*is in use by another process*IncomingCalls:Sqlite:Path*");

        other.Dispose();
        await host.WaitUntilAsync(() => host.Logs.GetSnapshot().Any(record => record.Id.Id == 4001), TimeSpan.FromSeconds(1));
        (await CheckAsync(host)).Status.Should().Be(HealthStatus.Healthy);
    }

    [Fact]
    public async Task CheckHealth_DeliveriesPending_ReportsWhatIsReadyAndWhatWaits()
    {
        using var folder = new InboxFolder();
        FixtureInbox.CopyTo(FixtureInbox.Newest, folder.Path);
        await using var host = await SqliteHost.StartAsync(folder.Path, configure: static calls =>
        {
            calls.Services.AddHealthChecks().AddIncomingCalls();
            calls.AddCallerNames<HangingNames>();
        });

        var data = (await CheckAsync(host)).Data;

        data.Where(static entry => entry.Key.StartsWith("waiting.", StringComparison.Ordinal)).Should().BeEquivalentTo(new Dictionary<string, object>
        {
            ["waiting.depth"] = 3L,
            ["waiting.ready"] = 0L,
            ["waiting.for_caller_name"] = 1L,
            ["waiting.for_retry"] = 2L,
            ["waiting.settling"] = 0L,
            ["waiting.paused"] = 0L,
            ["waiting.since"] = "2026-09-21 14:13:20Z",
            ["waiting.dead_letters"] = 1L,
            ["waiting.quarantined"] = 1L,
        });
    }

    [Fact]
    public async Task CheckHealth_DestinationsUnavailableForLongerThanAnHour_IsDegradedAndListsThoseThatFailedFirst()
    {
        using var folder = new InboxFolder();
        var portal = new Portal { OnEvent = static (callEvent, _) => throw new DestinationUnavailableException($"portal-{callEvent.Call.Key.IdMessage}", TimeSpan.FromHours(3)) };
        await using var host = await SqliteHost.StartAsync(folder.Path, configure: calls =>
        {
            calls.Services.AddSingleton(portal).AddHealthChecks().AddIncomingCalls();
            calls.AddHandler<PortalHandler>(static options => (options.Name, options.Destination) = ("crm", static callEvent => $"portal-{callEvent.Call.Key.IdMessage}"));
        });
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "first"));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM pauses") == 1);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 25; i++)
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", $"{i}"));
        }

        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM pauses") == 26);
        host.Clock.Advance(TimeSpan.FromMinutes(59));
        var anHourLater = await CheckAsync(host);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var later = await CheckAsync(host);

        anHourLater.Status.Should().Be(HealthStatus.Healthy);
        anHourLater.Data["destinations.paused"].Should().Be(26);
        anHourLater.Data["waiting.paused"].Should().Be(26L);
        anHourLater.Data.Keys.Where(static key => key.StartsWith("destinations.crm.", StringComparison.Ordinal)).Should().HaveCount(20);
        anHourLater.Data["destinations.crm.portal-first"].Should().Be("unavailable since 2026-09-21 14:13:20Z");
        later.Status.Should().Be(HealthStatus.Degraded, "a token that one customer has revoked takes no node out of the load balancer");
        later.Description.Should().Be("Destinations that have been unavailable for more than 01:00:00: 1. Restore the access to them; 'incoming-calls inbox pauses' says what failed.");
    }

    [Fact]
    public async Task CheckHealth_DestinationAsksForADelay_IsHealthy()
    {
        using var folder = new InboxFolder();
        var portal = new Portal { OnEvent = static (_, _) => throw new CallEventRetryException(TimeSpan.FromMinutes(50), "portal-7") };
        await using var host = await SqliteHost.StartAsync(folder.Path, configure: calls =>
        {
            calls.Services.AddSingleton(portal).AddHealthChecks().AddIncomingCalls();
            calls.AddHandler<PortalHandler>("crm");
        });
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM pauses") == 1);
        host.Clock.Advance(TimeSpan.FromMinutes(40));

        var entry = await CheckAsync(host);

        entry.Status.Should().Be(HealthStatus.Healthy, "it ends by itself");
        entry.Data["destinations.crm.portal-7"].Should().Be("delayed until 2026-09-21 15:03:20Z");
    }

    private static Task<SqliteHost> StartAsync(InboxFolder folder, TimeSpan lockWait = default) => SqliteHost.StartAsync(
        folder.Path,
        options => options.LockTimeout = lockWait,
        calls => calls.Services.AddHealthChecks().AddIncomingCalls());

    private static Task WaitUntilAsync(SqliteHost host, HealthStatus status) =>
        host.WaitUntilAsync(() => CheckAsync(host).GetAwaiter().GetResult().Status == status, TimeSpan.FromSeconds(1));

    private static async Task<HealthReportEntry> CheckAsync(SqliteHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["incoming-calls"];

    /// <summary>Answers when the host stops, so that what waits for a name continues to wait.</summary>
    private sealed class HangingNames : ICallerNameResolver
    {
        public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null;
        }
    }
}
