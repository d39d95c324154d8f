using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Inbox;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IncomingCalls.GreenApi.Tests.Polling;

/// <summary>The inbox is not open when the host starts, since another process uses its file and polls.</summary>
public class PollingServiceTests
{
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ExecuteAsync_InboxNotReady_ReceivesNothing()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        var inbox = new ManuallyOpenedInbox();
        await using var host = await StartAsync(inbox, instance.ToCallInstance(simulator.ApiUrl));
        instance.Enqueue(NotificationJson.IncomingCall("A1"));

        await inbox.WaitStarted.WaitAsync(TestTimeout);
        instance.Requests.Should().BeEmpty("another process may be there to receive it");

        inbox.Open();
        await simulator.WaitUntilAcknowledgedAsync(TestTimeout);
        instance.History.Single().Deliveries.Should().ContainSingle();
    }

    [Fact]
    public async Task ExecuteAsync_StoppedBeforeInboxIsReady_EndsWithoutRequest()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        var inbox = new ManuallyOpenedInbox();
        await using var host = await StartAsync(inbox, instance.ToCallInstance(simulator.ApiUrl));
        await inbox.WaitStarted.WaitAsync(TestTimeout);

        await host.StopAsync();

        instance.Requests.Should().BeEmpty();
    }

    private static Task<TestHost> StartAsync(ICallInbox inbox, CallInstance instance) =>
        TestHost.StartAsync(new(), [instance], calls => calls.Services.Replace(ServiceDescriptor.Singleton(inbox)));
}
