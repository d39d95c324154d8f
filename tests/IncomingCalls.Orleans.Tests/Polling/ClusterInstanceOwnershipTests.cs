using System.Collections.Concurrent;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Polling;
using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Orleans.Tests.Polling;

/// <summary>The work of an instance runs where its grain is owned; the worker of these tests only records its instances.</summary>
public class ClusterInstanceOwnershipTests
{
    [Fact]
    public async Task Run_SiloAlreadyRunning_StartsPollingImmediately()
    {
        await using var node = await StartAsync();
        (await node.Inbox.GetStatisticsAsync()).Depth.Should().Be(0, "the buckets are active");
        var ownership = node.Services.GetRequiredService<IInstanceOwnership>();
        var work = (RecordingInstanceWorker)node.Services.GetRequiredService<IInstanceWorker>();
        using var stopping = new CancellationTokenSource();

        var running = ownership.RunAsync(work, stopping.Token);
        await Eventually.HoldsAsync(() => work.Assignments.Should().Contain("1101000001"));
        await stopping.CancelAsync();
        await running;

        work.Assignments.Last().Should().Be("stopped");
    }

    [Fact]
    public async Task Run_InstanceLeavesAndRejoinsThePartition_IsPolledOnlyWhileInThePartition()
    {
        await using var node = await StartAsync();
        // A separate object, since the silo changes the partitions of the registered one.
        var ownership = ActivatorUtilities.CreateInstance<ClusterInstanceOwnership>(node.Services);
        var work = new RecordingInstanceWorker();
        var isInPartition = true;
        ownership.Acquire(1101000001, () => isInPartition);
        using var stopping = new CancellationTokenSource();
        var running = ownership.RunAsync(work, stopping.Token);
        await Eventually.HoldsAsync(() => work.Assignments.Should().Equal("1101000001"));

        isInPartition = false;
        ownership.Reevaluate();
        await Eventually.HoldsAsync(() => work.Assignments.Should().Equal("1101000001", ""));
        isInPartition = true;
        ownership.Reevaluate();
        await Eventually.HoldsAsync(() => work.Assignments.Should().Equal("1101000001", "", "1101000001"));

        await stopping.CancelAsync();
        await running;
    }

    private static Task<Node> StartAsync() => Node.StartAsync(
        services => SingleSiloCluster.Add(services, new TestStorage()),
        new(),
        static calls => calls.AddInstances<SingleInstanceSource>().Services.AddSingleton<IInstanceWorker, RecordingInstanceWorker>());

    private sealed class SingleInstanceSource : IInstanceSource
    {
        public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new([Instance]);

        public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) => new(idInstance == Instance.IdInstance ? Instance : null);

        public IChangeToken Watch() => new CancellationChangeToken(CancellationToken.None);

        private static CallInstance Instance { get; } = new() { IdInstance = 1101000001, ApiTokenInstance = "token" };
    }

    private sealed class RecordingInstanceWorker : IInstanceWorker
    {
        public ConcurrentQueue<string> Assignments { get; } = [];

        public Task SetInstancesAsync(IReadOnlyCollection<CallInstance> instances, CancellationToken stopping)
        {
            Assignments.Enqueue(string.Join(' ', instances.Select(instance => instance.IdInstance)));
            return Task.CompletedTask;
        }

        public Task WaitUntilReleasedAsync(long idInstance, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Assignments.Enqueue("stopped");
            return Task.CompletedTask;
        }
    }
}
