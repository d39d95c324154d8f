using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Orleans.Tests.Upkeep;

public class HealthTests
{
    [Fact]
    public async Task CheckHealth_StorageAnswers_NamesThePartAsTheOtherInboxesDo()
    {
        await using var node = await Node.StartAsync(
            services => SingleSiloCluster.Add(services, new TestStorage()), new(), calls => calls.Services.AddHealthChecks().AddIncomingCalls());

        var report = await node.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        report.Entries["incoming-calls"].Data.Should().ContainKey("inbox").WhoseValue.Should().Be("Healthy");
    }
}
