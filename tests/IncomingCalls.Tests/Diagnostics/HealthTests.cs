using IncomingCalls.Inboxes;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Tests.Diagnostics;

public class HealthTests
{
    [Theory]
    [InlineData(HealthStatus.Degraded, HealthStatus.Healthy, HealthStatus.Degraded)]
    [InlineData(HealthStatus.Degraded, HealthStatus.Unhealthy, HealthStatus.Unhealthy)]
    [InlineData(HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Healthy)]
    public async Task CheckHealth_SeveralParts_IsAsWellAsTheLeastWell(HealthStatus pollers, HealthStatus store, HealthStatus expected)
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<ICallHealthSource>(new Part("pollers", pollers));
            builder.Services.AddSingleton<ICallHealthSource>(new Part("store", store));
            builder.Services.AddHealthChecks().AddIncomingCalls();
        });

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        var entry = report.Entries["incoming-calls"];
        entry.Status.Should().Be(expected);
        entry.Description.Should().Be($"pollers are {pollers}. store are {store}.");
        entry.Data["pollers"].Should().Be($"{pollers}");
    }

    private sealed class Part(string name, HealthStatus status) : ICallHealthSource
    {
        public string Name => name;

        public ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken) => new(new HealthCheckResult(status, $"{name} are {status}."));
    }
}
