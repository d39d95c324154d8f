using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;

namespace IncomingCalls.GreenApi.Tests.Polling;

/// <summary>Pollers are started and stopped when the instances change.</summary>
public sealed class PollerSetTests : IAsyncLifetime
{
    private FakeGateway _gateway = null!;
    private TestHost? _host;

    public async Task InitializeAsync() => _gateway = await FakeGateway.StartAsync();

    public async Task DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task SetInstancesAsync_TokenChanges_OnlyThatPollerRestarts()
    {
        var (changing, other) = (_gateway.AddInstance(1), _gateway.AddInstance(2));
        var host = await StartAsync(_gateway.ToCallInstance(changing), _gateway.ToCallInstance(other));
        await _gateway.Signal.WaitUntilAsync(() => changing.WaitingPolls == 1 && other.WaitingPolls == 1);

        changing.Token = "another";
        host.Instances.Set(_gateway.ToCallInstance(changing), _gateway.ToCallInstance(other));
        await _gateway.Signal.WaitUntilAsync(() => changing.Count("receiveNotification") == 2 && changing.WaitingPolls == 1);

        other.Count("receiveNotification").Should().Be(1);
        other.WaitingPolls.Should().Be(1);
        host.LogsOf(3000).Should().HaveCount(3);
    }

    [Fact]
    public async Task SetInstancesAsync_InstanceRemoved_CurrentNotificationCompletes()
    {
        var account = _gateway.AddInstance();
        var host = await StartAsync(_gateway.ToCallInstance(account));
        var release = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, _) => release.Task;
        account.Enqueue(NotificationJson.IncomingCall("A1"));
        await _gateway.Signal.WaitUntilAsync(() => !host.Recorder.Events.IsEmpty);
        account.Enqueue(NotificationJson.IncomingCall("A2"));

        host.Instances.Set();
        await _gateway.Signal.WaitUntilAsync(() => host.LogsOf(1041).Count() >= 2);
        release.SetResult();
        await _gateway.Signal.WaitUntilAsync(() => account.QueueLength == 1);
        await _gateway.Signal.WaitUntilAsync(() => host.LogsOf(3001).Any());

        account.QueueLength.Should().Be(1);
        host.Recorder.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task SetInstancesAsync_RemovedAndAddedWhileBusy_NeverTwoPollers()
    {
        var account = _gateway.AddInstance();
        var host = await StartAsync(_gateway.ToCallInstance(account));
        var release = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, _) => release.Task;
        account.Enqueue(NotificationJson.IncomingCall("A1"));
        await _gateway.Signal.WaitUntilAsync(() => !host.Recorder.Events.IsEmpty);

        host.Instances.Set();
        await _gateway.Signal.WaitUntilAsync(() => host.LogsOf(1041).Count() >= 2);

        host.Instances.Set(_gateway.ToCallInstance(account));
        await _gateway.Signal.WaitUntilAsync(() => host.LogsOf(1041).Count() >= 3);

        account.Count("receiveNotification").Should().Be(1);
        release.SetResult();
        await _gateway.Signal.WaitUntilAsync(() => account.QueueLength == 0 && account.WaitingPolls == 1);
        host.Recorder.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task SetInstancesAsync_WebhookInstance_IsNotPolled()
    {
        var (webhook, polled) = (_gateway.AddInstance(1), _gateway.AddInstance(2));
        var instance = new CallInstance { IdInstance = 1, ApiUrl = _gateway.ApiUrl, ApiTokenInstance = webhook.Token, Receive = ReceiveMode.Webhook };

        await StartAsync(instance, _gateway.ToCallInstance(polled));
        await _gateway.Signal.WaitUntilAsync(() => polled.WaitingPolls == 1);

        webhook.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task StopAsync_LongPollsInProgress_EndImmediately()
    {
        var account = _gateway.AddInstance();
        var host = await StartAsync(_gateway.ToCallInstance(account));
        await _gateway.Signal.WaitUntilAsync(() => account.WaitingPolls == 1);

        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));

        await _gateway.Signal.WaitUntilAsync(() => account.WaitingPolls == 0);
    }

    [Fact]
    public async Task SetInstancesAsync_TwoHundredAddedAndRemovedUnderLoad_EveryCallHandledOnce()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var all = Enumerable.Range(0, 200).Select(_ => simulator.AddInstance()).ToArray();
        var listed = all.Select(instance => instance.ToCallInstance(simulator.ApiUrl)).ToArray();
        var host = await StartAsync();

        // In four steps, while calls arrive at all instances, including those that are not listed.
        for (var step = 1; step <= 4; step++)
        {
            EnqueueCalls(all, step);
            host.Instances.Set(listed[..(50 * step)]);
        }

        await simulator.WaitUntilAcknowledgedAsync();
        host.Recorder.Events.Should().HaveCount(800).And.OnlyHaveUniqueItems(callEvent => callEvent.Id);

        host.Instances.Set(listed[..100]);
        EnqueueCalls(all[..100], 5);
        await Task.WhenAll(all[..100].Select(instance => instance.WaitUntilAcknowledgedAsync()));
        host.Instances.Set();
        await _gateway.Signal.WaitUntilAsync(() => host.LogsOf(3001).Count() >= 200);

        host.Recorder.Events.Should().HaveCount(900).And.OnlyHaveUniqueItems(callEvent => callEvent.Id);
    }

    private static void EnqueueCalls(IEnumerable<SimulatedInstance> instances, int step)
    {
        foreach (var instance in instances)
        {
            instance.Enqueue(NotificationJson.IncomingCall($"A{step}", idInstance: instance.IdInstance));
        }
    }

    private async Task<TestHost> StartAsync(params IReadOnlyCollection<CallInstance> instances) =>
        _host = await TestHost.StartAsync(_gateway.Signal, instances);
}
