using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Tests.Health;

public class HealthTests
{
    [Theory]
    [InlineData(HealthStatus.Degraded, HealthStatus.Healthy, HealthStatus.Degraded)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Unhealthy, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Healthy)]
    public async Task CheckHealth_SeveralSources_IsTheWorstStatus(HealthStatus pollers, HealthStatus store, HealthStatus expected)
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<ICallHealthSource>(new FixedHealthSource("pollers", pollers));
            builder.Services.AddSingleton<ICallHealthSource>(new FixedHealthSource("store", store));
            builder.Services.AddHealthChecks().AddIncomingCalls();
        });

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        var entry = report.Entries["incoming-calls"];
        entry.Status.Should().Be(expected);
        entry.Description.Should().Be($"pollers are {pollers}. store are {store}.");
        entry.Data["pollers"].Should().Be($"{pollers}");
    }

    [Fact]
    public async Task CheckHealth_InstanceInactiveBeyondThreshold_IsDegradedAndNamesItUntilActive()
    {
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.AddInstances<SingleInstanceSource>();
                builder.Services.AddHealthChecks().AddIncomingCalls();
            },
            options => options.InactivityThreshold = TimeSpan.FromHours(1));
        host.Clock.Advance(TimeSpan.FromMinutes(61));
        var silent = await CheckAsync(host);
        await host.Intake.AcceptAsync("""{"typeWebhook":"stateInstanceChanged","instanceData":{"idInstance":1101000001}}"""u8.ToArray());
        var current = await CheckAsync(host);

        silent.Status.Should().Be(HealthStatus.Degraded);
        silent.Description.Should().Be("No notification was received for more than 01:00:00 from these instances: 1101000001. Run the doctor to find the cause.");
        silent.Data["receipts.1101000001"].Should().Be("nothing since 2026-09-21 14:13:20Z");
        current.Status.Should().Be(HealthStatus.Healthy);
        current.Data["receipts.1101000001"].Should().Be("2026-09-21 15:14:20Z");
    }

    [Fact]
    public async Task CheckHealth_WithoutThreshold_InactivityIsReportedAsHealthy()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddInstances<SingleInstanceSource>().Services.AddHealthChecks().AddIncomingCalls());
        host.Clock.Advance(TimeSpan.FromHours(3));

        (await CheckAsync(host)).Status.Should().Be(HealthStatus.Healthy);
    }

    private static async Task<HealthReportEntry> CheckAsync(TestHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["incoming-calls"];

    private sealed class SingleInstanceSource : IInstanceSource
    {
        private static readonly CallInstance[] Instances = [new() { IdInstance = 1101000001 }];

        public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(Instances);

        public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) =>
            new(Instances.FirstOrDefault(instance => instance.IdInstance == idInstance));

        public IChangeToken Watch() => NullChangeToken.Singleton;
    }

    private sealed class FixedHealthSource(string name, HealthStatus status) : ICallHealthSource
    {
        public string Name => name;

        public ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken) => new(new HealthCheckResult(status, $"{name} are {status}."));
    }
}
