using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;

namespace IncomingCalls.Orleans.Tests.Calls;

/// <summary>A call grain is deactivated while its deliveries are not due.</summary>
public class CallDeactivationTests
{
    [Fact]
    public async Task Deactivation_AttemptDueLater_BucketWakesTheCall()
    {
        var recorder = new EventRecorder { BeforeRecording = static (_, callEvent, _) => callEvent.Attempt == 1 ? throw new CallEventRetryException(TimeSpan.FromSeconds(2)) : Task.CompletedTask };
        var storage = new TestStorage();
        await using var node = await Node.StartAsync(services => SingleSiloCluster.Add(services, storage), recorder);
        var grains = node.Services.GetRequiredService<IGrainFactory>();
        await node.DeliverAsync(Node.CreateNotification("declined"));
        await Eventually.HoldsAsync(() => storage.CountWrites("call").Should().Be(2));

        // Only the call grain is deactivated; its bucket stays active, and gives a call that is due some time to start on its own.
        await grains.GetGrain<ICallGrain>("1101000001/A").Cast<IGrainManagementExtension>().DeactivateOnIdle();
        await Eventually.HoldsAsync(async () => (await CountActiveCallsAsync(grains.GetGrain<IManagementGrain>(0))).Should().Be(0));

        await Eventually.HoldsAsync(() => recorder.Events.Should().ContainSingle().Which.Event.Attempt.Should().Be(2));
    }

    [Fact]
    public async Task Collection_HandlerRunning_CallStaysActive()
    {
        var go = new TaskCompletionSource();
        var recorder = new EventRecorder { BeforeRecording = (_, _, _) => go.Task };
        await using var node = await Node.StartAsync(services => SingleSiloCluster.Add(services, new TestStorage()), recorder);
        var management = node.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        await node.DeliverAsync(Node.CreateNotification("declined"));

        await management.ForceActivationCollection(TimeSpan.Zero);

        (await CountActiveCallsAsync(management)).Should().Be(1);
        go.SetResult();
        await Eventually.HoldsAsync(() => recorder.Lines.Should().Equal("Missed A"));
    }

    private static async Task<int> CountActiveCallsAsync(IManagementGrain management) =>
        (await management.GetDetailedGrainStatistics()).Count(grain => grain.GrainId.Type.ToString() == "incoming-calls.call");
}
