using System.Collections.Concurrent;
using IncomingCalls.Testing.Http;
using IncomingCalls.Testing.Instances;
using IncomingCalls.Testing.Push;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace IncomingCalls.Testing;

/// <summary>
/// A real HTTP server on 127.0.0.1 that simulates GREEN-API for tests and demonstrations. Each rule is marked as documented by the
/// vendor, reported by users, or assumed.
/// </summary>
/// <remarks>Safe to use from any thread. Disposing the simulator stops the server and all requests to webhooks.</remarks>
public sealed class GreenApiSimulator : IAsyncDisposable
{
    private const long FirstIdInstance = 1101000001;

    private readonly ConcurrentDictionary<long, SimulatedInstance> _instances = new();
    private readonly ConcurrentDictionary<SimulatedInstance, WebhookPusher> _pushers = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly GreenApiSimulatorOptions _options;
    private readonly SimulatedApi _api;
    private readonly WebApplication _server;
    private long _lastIdInstance = FirstIdInstance - 1;
    private int _disposeCount;

    private GreenApiSimulator(GreenApiSimulatorOptions options)
    {
        _options = options;
        _api = new(_instances, options);
        // An empty builder, so that addresses, certificates and logging configured for the host under test do not apply to the simulator.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{options.Port}");
        _server = builder.Build();
        _server.Run(_api.HandleAsync);
    }

    /// <summary>The base address of the simulator: the value of <c>ApiUrl</c> in the configuration of the host.</summary>
    public Uri ApiUrl => new(_server.Urls.Single());

    /// <summary>The instances, ordered by <c>idInstance</c>.</summary>
    public IReadOnlyCollection<SimulatedInstance> Instances => [.. _instances.Values.OrderBy(instance => instance.IdInstance)];

    /// <summary>Starts a simulator without instances.</summary>
    /// <param name="configure">Configures the options of the simulator.</param>
    /// <param name="cancellationToken">The token that cancels the start.</param>
    /// <returns>A task whose result is the running simulator.</returns>
    public static async Task<GreenApiSimulator> StartAsync(
        Action<GreenApiSimulatorOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = new GreenApiSimulatorOptions();
        configure?.Invoke(options);
        var simulator = new GreenApiSimulator(options);
        await simulator._server.StartAsync(cancellationToken);
        return simulator;
    }

    /// <summary>Adds an instance. Its notifications are received by polling until its settings contain a webhook URL.</summary>
    /// <param name="configure">Configures the options of the instance.</param>
    /// <returns>The instance.</returns>
    /// <exception cref="ArgumentException">An instance with this <c>idInstance</c> exists.</exception>
    /// <exception cref="ObjectDisposedException">The simulator is disposed.</exception>
    public SimulatedInstance AddInstance(Action<SimulatedInstanceOptions>? configure = null)
    {
        ObjectDisposedException.ThrowIf(_disposeCount > 0, this);
        var options = new SimulatedInstanceOptions();
        configure?.Invoke(options);
        var instance = CreateInstance(options);
        while (!_instances.TryAdd(instance.IdInstance, instance))
        {
            // A generated number may have been given to another instance explicitly; the next one is tried then.
            instance = options.IdInstance is null
                ? CreateInstance(options)
                : throw new ArgumentException($"The simulator already has an instance {instance.IdInstance}. Set another IdInstance.", nameof(configure));
        }

        _pushers[instance] = new(instance, _client, _options);
        return instance;
    }

    /// <summary>
    /// Removes an instance: its waiting notifications are dropped, its long polls end and no more requests are sent to its webhook
    /// (assumed); its API requests are answered with 403 (reported).
    /// </summary>
    /// <param name="idInstance">The <c>idInstance</c>.</param>
    /// <returns>Whether the instance existed.</returns>
    public bool RemoveInstance(long idInstance)
    {
        if (!_instances.TryRemove(idInstance, out var instance))
        {
            return false;
        }

        if (_pushers.TryGetValue(instance, out var pusher))
        {
            pusher.Stop();
        }

        instance.OnRemoved();
        return true;
    }

    /// <summary>Posts the notifications of all current instances through a client, see <see cref="SimulatedInstance.PushThrough"/>.</summary>
    /// <param name="client">The client of the host under test.</param>
    /// <param name="path">The path of the webhook in the host.</param>
    /// <param name="token">The value of the Authorization header, sent unchanged; null for no header.</param>
    public void PushThrough(HttpClient client, string path = "/webhooks/green-api", string? token = null)
    {
        foreach (var instance in Instances)
        {
            instance.PushThrough(client, path, token);
        }
    }

    /// <summary>
    /// Answers the next requests of a method, of any instance, with an error. The body is sent unchanged, so that the reported 500 of
    /// deleteNotification, whose text contains <c>findUnAckedMessage</c>, can be produced.
    /// </summary>
    /// <param name="method">The documented name, such as <c>receiveNotification</c>.</param>
    /// <param name="statusCode">The HTTP status code.</param>
    /// <param name="body">The body of the response.</param>
    /// <param name="times">The number of requests.</param>
    /// <exception cref="ArgumentException">The simulator has no such method.</exception>
    public void FailNext(string method, int statusCode, string body = "", int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _api.Faults.Add(method, new() { StatusCode = statusCode, Body = body });
        }
    }

    /// <summary>Delays the next requests of a method, of any instance, by the clock of the simulator.</summary>
    /// <param name="method">The documented name, such as <c>getContactInfo</c>.</param>
    /// <param name="delay">The delay. The request is executed after it.</param>
    /// <param name="times">The number of requests.</param>
    /// <exception cref="ArgumentException">The simulator has no such method.</exception>
    public void DelayNext(string method, TimeSpan delay, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _api.Faults.Add(method, new() { Delay = delay });
        }
    }

    /// <summary>Executes the next request of a method and closes the connection without a response.</summary>
    /// <param name="method">The documented name, such as <c>deleteNotification</c>.</param>
    /// <exception cref="ArgumentException">The simulator has no such method.</exception>
    public void LoseNextAnswer(string method) => _api.Faults.Add(method, new() { LosesAnswer = true });

    /// <summary>Waits until the queue of every instance is empty: each notification was deleted by polling, or answered with 200 by the webhook.</summary>
    /// <param name="timeout">The maximum time to wait, in real time; null for 30 seconds.</param>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>A task that completes when all queues are empty.</returns>
    /// <exception cref="TimeoutException">A queue is not empty; the message lists what waits.</exception>
    public Task WaitUntilAcknowledgedAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        QueueDrain.WaitAsync(() => Instances, timeout, cancellationToken);

    /// <summary>Stops the server and all requests to webhooks. Further calls have no effect.</summary>
    /// <returns>A task that completes when the server has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Increment(ref _disposeCount) > 1)
        {
            return;
        }

        foreach (var pusher in _pushers.Values)
        {
            await pusher.DisposeAsync();
        }

        // Long polls are aborted, as by a restart of the vendor's server.
        using var immediately = new CancellationTokenSource(TimeSpan.Zero);
        await _server.StopAsync(immediately.Token);
        await _server.DisposeAsync();
        _client.Dispose();
    }

    private SimulatedInstance CreateInstance(SimulatedInstanceOptions options) =>
        new(options.IdInstance ?? Interlocked.Increment(ref _lastIdInstance), options, _options);
}
