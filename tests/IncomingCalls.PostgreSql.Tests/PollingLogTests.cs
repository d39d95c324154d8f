using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>The log names the node that polls, and does not mention polling where no instance is polled.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class PollingLogTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    /// <summary>The node has the lock all the time, because an instance that is polled can be added at any time.</summary>
    [PostgresFact]
    public async Task Polling_InstancesChange_IsLoggedOnlyWhileOneIsPolled()
    {
        await using var node = await TestNode.StartAsync(postgres, _schema, handlers: static calls => calls.AddHandler<RecordingHandler>("crm").AddInstances<TestInstances>());
        var instances = node.Services.GetRequiredService<TestInstances>();
        var all = node.Services.GetRequiredService<ICallInstances>();
        instances.Set();
        await Eventually.HoldsAsync(() => all.Current.Should().BeEmpty());
        var worker = new RecordingWorker();
        using var stop = new CancellationTokenSource();

        var polling = node.Services.GetRequiredService<IInstanceOwnership>().RunAsync(worker, stop.Token);

        await Eventually.HoldsAsync(() => worker.IsWorking.Should().BeTrue());
        Find(node).Should().BeEmpty("there is no instance");
        instances.Set(new CallInstance { IdInstance = 1101000002, Receive = ReceiveMode.Webhook });
        await Eventually.HoldsAsync(() => worker.Instances.Should().ContainSingle());
        Find(node).Should().BeEmpty("the instance is not polled");
        instances.Set(TestInstances.Polled);
        await Eventually.HoldsAsync(() => Find(node).Should().Equal("This node polls the instances."));
        instances.Set();
        await Eventually.HoldsAsync(() => Find(node).Should().Equal("This node polls the instances.", "This node no longer polls the instances: there is no instance to poll."));
        await stop.CancelAsync();
        await polling;
    }

    private static IEnumerable<string> Find(TestNode node) => node.Logs.GetSnapshot().Where(static record => record.Id.Id is 5013 or 5014).Select(static record => record.Message);
}
