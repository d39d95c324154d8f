using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;

namespace IncomingCalls.Orleans.Tests.Calls;

/// <summary>A call that waits need not be in memory.</summary>
public class CallDeactivationTests
{
    [Fact]
    public async Task Deactivation_AttemptDueLater_BucketWakesTheCall()
    {
        var told = new EventRecorder { BeforeRecording = static (_, told, _) => told.Attempt == 1 ? throw new CallEventRetryException(TimeSpan.FromSeconds(2)) : Task.CompletedTask };
        var storage = new TestStorage();
        await using var node = await Node.StartAsync(services => SingleSiloCluster.Add(services, storage), told);
        var grains = node.Services.GetRequiredService<IGrainFactory>();
        await node.DeliverAsync(Node.CreateNotification("declined"));
        await Eventually.HoldsAsync(() => storage.CountWrites("call").Should().Be(2));

        // The call alone: its bucket stays, and waits a while for a call that sees to itself.
        await grains.GetGrain<ICallGrain>("1101000001/A").Cast<IGrainManagementExtension>().DeactivateOnIdle();
        await Eventually.HoldsAsync(async () => (await CountActiveCallsAsync(grains.GetGrain<IManagementGrain>(0))).Should().Be(0));

        await Eventually.HoldsAsync(() => told.Events.Should().ContainSingle().Which.Event.Attempt.Should().Be(2));
    }

    [Fact]
    public async Task Collection_HandlerRunning_CallStaysActive()
    {
        var go = new TaskCompletionSource();
        var told = new EventRecorder { BeforeRecording = (_, _, _) => go.Task };
        await using var node = await Node.StartAsync(services => SingleSiloCluster.Add(services, new TestStorage()), told);
        var management = node.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        await node.DeliverAsync(Node.CreateNotification("declined"));

        await management.ForceActivationCollection(TimeSpan.Zero);

        (await CountActiveCallsAsync(management)).Should().Be(1);
        go.SetResult();
        await Eventually.HoldsAsync(() => told.Lines.Should().Equal("Missed A"));
    }

    private static async Task<int> CountActiveCallsAsync(IManagementGrain management) =>
        (await management.GetDetailedGrainStatistics()).Count(grain => grain.GrainId.Type.ToString() == "incoming-calls.call");
}
