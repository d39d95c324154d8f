using System.Collections.Concurrent;
using IncomingCalls.Inboxes;
using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Orleans.Tests.Clusters;

/// <summary>How the work of instances follows their grains, with work that only notes what it is told.</summary>
public class AssignmentTests
{
    [Fact]
    public async Task Run_SiloHasBeenUpForLong_WorkBeginsAtOnce()
    {
        await using var node = await StartAsync();
        (await node.Inbox.GetStatisticsAsync()).Depth.Should().Be(0, "the buckets are there");
        var assignment = node.Services.GetRequiredService<IInstanceAssignment>();
        var work = (NotedWork)node.Services.GetRequiredService<IInstanceWork>();
        using var stopping = new CancellationTokenSource();

        var running = assignment.RunAsync(work, stopping.Token);
        await Eventually.HoldsAsync(() => work.Assigned.Should().Contain("1101000001"));
        await stopping.CancelAsync();
        await running;

        work.Assigned.Last().Should().Be("stopped");
    }

    [Fact]
    public async Task Run_InstanceWhoseGrainIsHereLeavesTheShareAndComesBack_IsWorkedForOnlyWhileItIsInTheShare()
    {
        await using var node = await StartAsync();
        // One of its own: the silo's is told of shares by the silo.
        var assignment = ActivatorUtilities.CreateInstance<ClusterAssignment>(node.Services);
        var work = new NotedWork();
        var isInShare = true;
        assignment.Take(1101000001, () => isInShare);
        using var stopping = new CancellationTokenSource();
        var running = assignment.RunAsync(work, stopping.Token);
        await Eventually.HoldsAsync(() => work.Assigned.Should().Equal("1101000001"));

        isInShare = false;
        assignment.SharesChanged();
        await Eventually.HoldsAsync(() => work.Assigned.Should().Equal("1101000001", ""));
        isInShare = true;
        assignment.SharesChanged();
        await Eventually.HoldsAsync(() => work.Assigned.Should().Equal("1101000001", "", "1101000001"));

        await stopping.CancelAsync();
        await running;
    }

    private static Task<Node> StartAsync() => Node.StartAsync(
        services => MemoryCluster.Add(services, new TestStorage()),
        new(),
        static calls => calls.AddInstances<OneInstance>().Services.AddSingleton<IInstanceWork, NotedWork>());

    private sealed class OneInstance : IInstanceSource
    {
        public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new([Instance]);

        public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) => new(idInstance == Instance.IdInstance ? Instance : null);

        public IChangeToken Watch() => new CancellationChangeToken(CancellationToken.None);

        private static CallInstance Instance { get; } = new() { IdInstance = 1101000001, ApiTokenInstance = "token" };
    }

    private sealed class NotedWork : IInstanceWork
    {
        public ConcurrentQueue<string> Assigned { get; } = [];

        public Task WorkForAsync(IReadOnlyCollection<CallInstance> instances, CancellationToken stopping)
        {
            Assigned.Enqueue(string.Join(' ', instances.Select(instance => instance.IdInstance)));
            return Task.CompletedTask;
        }

        public Task WhenLeftAsync(long idInstance, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Assigned.Enqueue("stopped");
            return Task.CompletedTask;
        }
    }
}
