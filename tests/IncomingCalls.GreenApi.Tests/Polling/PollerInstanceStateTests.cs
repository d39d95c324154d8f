using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Tests.Polling;

/// <summary>What the poller says about an instance that is logged out or blocked, which the API answers in the same way.</summary>
public sealed class PollerInstanceStateTests
{
    [Theory]
    [InlineData(SimulatedState.NotAuthorized)]
    [InlineData(SimulatedState.Blocked)]
    public async Task RunAsync_InstanceNotConnected_LogsBothCausesAndRecovers(SimulatedState state)
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        instance.State = state;
        var signal = new TestSignal();
        await using var host = await TestHost.StartAsync(signal, [instance.ToCallInstance(simulator.ApiUrl)], useFakeClock: true);
        await signal.WaitUntilAsync(() => host.LogsOf(3011).Any());

        var log = host.LogsOf(3011).Should().ContainSingle().Which;
        log.Level.Should().Be(LogLevel.Error);
        log.Message.Should().Contain("it was logged out, or the messenger has blocked the account").And.Contain("Scan the QR code there, or use another number.");
        (await host.HealthAsync()).Should().Be($"Degraded Instances that deliver nothing: {instance.IdInstance} (NotAuthorized).");

        instance.State = SimulatedState.Authorized;
        instance.PlaceCall().Ring();
        host.Time.Advance(TimeSpan.FromSeconds(33));
        await signal.WaitUntilAsync(() => host.Recorder.Events.Count == 1);
    }
}
