using IncomingCalls;
using IncomingCalls.Testing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace CallDesk.Demo;

/// <summary>
/// A GREEN-API simulator with two instances that receive a call every few seconds: one is polled, the other posts to the webhook.
/// The rest of the desk treats them like any other instances.
/// </summary>
internal sealed class DemoGateway(IServer server, TimeProvider time) : IInstanceSource, IHostedLifecycleService, IAsyncDisposable
{
    private readonly string _webhookToken = Guid.NewGuid().ToString("N");
    private readonly CancellationTokenSource _stopping = new();
    private GreenApiSimulator? _simulator;
    private Task _callTraffic = Task.CompletedTask;
    private IReadOnlyCollection<CallInstance> _instances = [];

    /// <summary>Starts the simulator before any other service starts, so that the instances exist when they are requested.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _simulator = await GreenApiSimulator.StartAsync(cancellationToken: cancellationToken);
        _instances = [CreatePolledInstance(_simulator.AddInstance()), CreateWebhookInstance(_simulator.AddInstance(static options => options.Wid = "70000000002@c.us"))];
    }

    /// <summary>Starts the calls once the server listens.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        _simulator!.Instances.Last().SetWebhook(DemoAddress.ResolveWebhook(addresses), _webhookToken);
        _callTraffic = Task.WhenAll(
            LifelikeCalls.RunAsync([.. _simulator.Instances], time, cancellationToken: _stopping.Token),
            DemoCallbacks.RunAsync(_simulator.Instances.First(), time, _stopping.Token));
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _callTraffic;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _simulator, null) is { } simulator)
        {
            await simulator.DisposeAsync();
        }

        _stopping.Dispose();
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new(_instances);

    public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) =>
        new(_instances.FirstOrDefault(instance => instance.IdInstance == idInstance));

    public IChangeToken Watch() => new CancellationChangeToken(CancellationToken.None);

    private CallInstance CreatePolledInstance(SimulatedInstance instance) => instance.ToCallInstance(_simulator!.ApiUrl);

    private CallInstance CreateWebhookInstance(SimulatedInstance instance) => new()
    {
        IdInstance = instance.IdInstance,
        ApiTokenInstance = instance.ApiTokenInstance,
        ApiUrl = _simulator!.ApiUrl,
        Receive = ReceiveMode.Webhook,
        WebhookTokens = [_webhookToken],
    };
}

internal static class DemoAddress
{
    /// <summary>Gets the URL of the webhook of this desk; an any-address such as 0.0.0.0 is replaced by the loopback address.</summary>
    public static Uri ResolveWebhook(IEnumerable<string> addresses)
    {
        var address = BindingAddress.Parse(addresses.OrderBy(address => address.StartsWith("https:", StringComparison.Ordinal)).First());
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return new($"{address.Scheme}://{host}:{address.Port}/webhooks/green-api");
    }
}
