using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Tests.Cluster;

public class SiloStartupValidatorTests
{
    [Fact]
    public async Task Start_WithoutStorageProvider_FailsWithInstructions()
    {
        var start = () => Node.StartAsync(WithoutStorage, new());

        (await start.Should().ThrowAsync<Exception>()).Which.ToString().Should().Contain("needs a grain storage provider named 'IncomingCalls' on every silo");
    }

    [Fact]
    public async Task Start_WithoutHandlers_FailsWithInstructions()
    {
        var start = () => Node.StartAsync(services => SingleSiloCluster.Add(services, new TestStorage()), recorder: null);

        (await start.Should().ThrowAsync<Exception>()).Which.ToString().Should().Contain("This silo has no call handlers");
    }

    [Fact]
    public async Task Start_WithoutOrleans_FailsWithInstructions()
    {
        var start = () => Node.StartAsync(cluster: null, new());

        (await start.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*builder.UseOrleans(...)*builder.UseOrleansClient(...)*");
    }

    [Fact]
    public async Task Start_StorageInMemory_LogsAWarning()
    {
        await using var node = await Node.StartAsync(
            services =>
            {
                WithoutStorage(services);
                services.AddOrleans(static silo => silo.AddMemoryGrainStorage(OrleansInboxStorage.Name));
            },
            new());

        node.Logs.GetSnapshot().Should().Contain(entry => entry.Level == LogLevel.Warning && entry.Message.Contains("'IncomingCalls' is in memory"));
    }

    [Fact]
    public async Task Start_StorageCannotBeRead_StartsAndLogsAnError()
    {
        var storage = new TestStorage { BeforeRead = static grain => _ = TestStorage.IsOfType(grain, "due") ? throw new IOException("No.") : true };

        await using var node = await Node.StartAsync(services => SingleSiloCluster.Add(services, storage), new());

        node.Logs.GetSnapshot().Should().Contain(entry => entry.Level == LogLevel.Error && entry.Id.Id == 6000);
        storage.BeforeRead = static _ => { };
        (await node.DeliverAsync(Node.CreateNotification("declined"))).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    private static void WithoutStorage(IServiceCollection services) =>
        services.AddOrleans(static silo => silo.UseLocalhostClustering(RedisProcess.FreePort(), RedisProcess.FreePort()));
}
