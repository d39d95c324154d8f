using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;

namespace IncomingCalls.GreenApi.Tests.Polling;

/// <summary>Pollers follow the instances while the host runs.</summary>
public sealed class PollerSetTests : IAsyncLifetime
{
    private Gateway _gateway = null!;
    private TestHost? _host;

    public async Task InitializeAsync() => _gateway = await Gateway.StartAsync();

    public async Task DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task Reconcile_TokenChanges_OnlyThisPollerRestarts()
    {
        var (changing, other) = (_gateway.Add(1), _gateway.Add(2));
        var host = await StartAsync(_gateway.Instance(changing), _gateway.Instance(other));
        await _gateway.Pulse.UntilAsync(() => changing.Waiting == 1 && other.Waiting == 1);

        changing.Token = "another";
        host.Instances.Set(_gateway.Instance(changing), _gateway.Instance(other));
        await _gateway.Pulse.UntilAsync(() => changing.Count("receiveNotification") == 2 && changing.Waiting == 1);

        other.Count("receiveNotification").Should().Be(1);
        other.Waiting.Should().Be(1);
        host.LogsOf(3000).Should().HaveCount(3);
    }

    [Fact]
    public async Task Reconcile_InstanceRemoved_WhatIsUnderWayIsFinished()
    {
        var account = _gateway.Add();
        var host = await StartAsync(_gateway.Instance(account));
        var release = new TaskCompletionSource();
        host.Journal.OnEvent = (_, _) => release.Task;
        account.Enqueue(Wire.Call("A1"));
        await _gateway.Pulse.UntilAsync(() => !host.Journal.Events.IsEmpty);
        account.Enqueue(Wire.Call("A2"));

        host.Instances.Set();
        await _gateway.Pulse.UntilAsync(() => host.LogsOf(1041).Count() >= 2);
        release.SetResult();
        await _gateway.Pulse.UntilAsync(() => account.Queued == 1);
        await _gateway.Pulse.UntilAsync(() => host.LogsOf(3001).Any());

        account.Queued.Should().Be(1);
        host.Journal.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Reconcile_RemovedAndAddedWhileUnderWay_NeverTwoPollersAtOnce()
    {
        var account = _gateway.Add();
        var host = await StartAsync(_gateway.Instance(account));
        var release = new TaskCompletionSource();
        host.Journal.OnEvent = (_, _) => release.Task;
        account.Enqueue(Wire.Call("A1"));
        await _gateway.Pulse.UntilAsync(() => !host.Journal.Events.IsEmpty);

        host.Instances.Set();
        await _gateway.Pulse.UntilAsync(() => host.LogsOf(1041).Count() >= 2);

        host.Instances.Set(_gateway.Instance(account));
        await _gateway.Pulse.UntilAsync(() => host.LogsOf(1041).Count() >= 3);

        account.Count("receiveNotification").Should().Be(1);
        release.SetResult();
        await _gateway.Pulse.UntilAsync(() => account.Queued == 0 && account.Waiting == 1);
        host.Journal.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task Reconcile_WebhookInstance_IsNotPolled()
    {
        var (webhook, polled) = (_gateway.Add(1), _gateway.Add(2));
        var instance = new CallInstance { IdInstance = 1, ApiUrl = _gateway.ApiUrl, ApiTokenInstance = webhook.Token, Receive = ReceiveMode.Webhook };

        await StartAsync(instance, _gateway.Instance(polled));
        await _gateway.Pulse.UntilAsync(() => polled.Waiting == 1);

        webhook.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task StopAsync_LongPollsUnderWay_EndAtOnce()
    {
        var account = _gateway.Add();
        var host = await StartAsync(_gateway.Instance(account));
        await _gateway.Pulse.UntilAsync(() => account.Waiting == 1);

        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));

        await _gateway.Pulse.UntilAsync(() => account.Waiting == 0);
    }

    [Fact]
    public async Task Reconcile_TwoHundredComeAndGoUnderLoad_EveryCallIsHandledOnce()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var all = Enumerable.Range(0, 200).Select(_ => simulator.AddInstance()).ToArray();
        var listed = all.Select(instance => instance.ToCallInstance(simulator.ApiUrl)).ToArray();
        var host = await StartAsync();

        // In four steps, with calls arriving at all of them, listed or not, in between.
        for (var step = 1; step <= 4; step++)
        {
            Ring(all, step);
            host.Instances.Set(listed[..(50 * step)]);
        }

        await simulator.WaitUntilHandledAsync();
        host.Journal.Events.Should().HaveCount(800).And.OnlyHaveUniqueItems(callEvent => callEvent.Id);

        host.Instances.Set(listed[..100]);
        Ring(all[..100], 5);
        await Task.WhenAll(all[..100].Select(instance => instance.WaitUntilHandledAsync()));
        host.Instances.Set();
        await _gateway.Pulse.UntilAsync(() => host.LogsOf(3001).Count() >= 200);

        host.Journal.Events.Should().HaveCount(900).And.OnlyHaveUniqueItems(callEvent => callEvent.Id);
    }

    private static void Ring(IEnumerable<SimulatedInstance> instances, int step)
    {
        foreach (var instance in instances)
        {
            instance.Enqueue(Wire.Call($"A{step}", idInstance: instance.IdInstance));
        }
    }

    private async Task<TestHost> StartAsync(params IReadOnlyCollection<CallInstance> instances) =>
        _host = await TestHost.StartAsync(_gateway.Pulse, instances);
}
