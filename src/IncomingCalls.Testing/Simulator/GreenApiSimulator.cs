using System.Collections.Concurrent;
using IncomingCalls.Testing.Http;
using IncomingCalls.Testing.Instances;
using IncomingCalls.Testing.Push;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace IncomingCalls.Testing;

/// <summary>
/// A real HTTP server on 127.0.0.1 that behaves like GREEN-API, for tests and demonstrations. Rules that the vendor documents,
/// that users reported and that we assume are marked so where they stand.
/// </summary>
/// <remarks>Safe to use from any thread. Disposing it ends the server and every push.</remarks>
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
        // Empty: the address, certificates and logging that the host under test is configured with are not the simulator's.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{options.Port}");
        _server = builder.Build();
        _server.Run(_api.HandleAsync);
    }

    /// <summary>The address to configure as ApiUrl.</summary>
    public Uri ApiUrl => new(_server.Urls.Single());

    /// <summary>The instances.</summary>
    public IReadOnlyCollection<SimulatedInstance> Instances => [.. _instances.Values.OrderBy(instance => instance.IdInstance)];

    /// <summary>Starts a simulator without instances.</summary>
    /// <param name="configure">Sets its options.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The running simulator.</returns>
    public static async Task<GreenApiSimulator> StartAsync(
        Action<GreenApiSimulatorOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = new GreenApiSimulatorOptions();
        configure?.Invoke(options);
        var simulator = new GreenApiSimulator(options);
        await simulator._server.StartAsync(cancellationToken);
        return simulator;
    }

    /// <summary>Adds an instance; it is polled until its settings name a webhook.</summary>
    /// <param name="configure">Sets its number, secret and messenger.</param>
    /// <returns>The instance.</returns>
    /// <exception cref="ArgumentException">The number is taken.</exception>
    /// <exception cref="ObjectDisposedException">The simulator has ended.</exception>
    public SimulatedInstance AddInstance(Action<SimulatedInstanceOptions>? configure = null)
    {
        ObjectDisposedException.ThrowIf(_disposeCount > 0, this);
        var options = new SimulatedInstanceOptions();
        configure?.Invoke(options);
        var instance = CreateInstance(options);
        while (!_instances.TryAdd(instance.IdInstance, instance))
        {
            // A made-up number may have been given to another one before; then the next is free.
            instance = options.IdInstance is null
                ? CreateInstance(options)
                : throw new ArgumentException($"There is an instance {instance.IdInstance} already.", nameof(configure));
        }

        _pushers[instance] = new(instance, _client, _options);
        return instance;
    }

    /// <summary>
    /// Removes an instance: what waits is dropped, its long polls end and nothing more is pushed (assumed); its requests are
    /// answered 403 (reported).
    /// </summary>
    /// <param name="idInstance">Its number.</param>
    /// <returns>Whether it was there.</returns>
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

    /// <summary>Posts the notifications of every instance there is through a client, see <see cref="SimulatedInstance.PushThrough"/>.</summary>
    /// <param name="client">The client of the host under test.</param>
    /// <param name="path">Where the host maps its webhook.</param>
    /// <param name="token">The token for the Authorization header, sent as it is; null for none.</param>
    public void PushThrough(HttpClient client, string path = "/webhooks/green-api", string? token = null)
    {
        foreach (var instance in Instances)
        {
            instance.PushThrough(client, path, token);
        }
    }

    /// <summary>
    /// Answers the next requests of a method with an error, whichever instance they are for. The body is sent as it is, so the
    /// reported 500 of deleteNotification whose text names <c>findUnAckedMessage</c> is one of them.
    /// </summary>
    /// <param name="method">The documented name, such as <c>receiveNotification</c>.</param>
    /// <param name="statusCode">The status.</param>
    /// <param name="body">The body.</param>
    /// <param name="times">How many requests.</param>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public void FailNext(string method, int statusCode, string body = "", int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _api.Faults.Add(method, new() { StatusCode = statusCode, Body = body });
        }
    }

    /// <summary>Answers the next requests of a method late, by the clock of the simulator.</summary>
    /// <param name="method">The documented name, such as <c>getContactInfo</c>.</param>
    /// <param name="delay">How late; what the request does is done then, too.</param>
    /// <param name="times">How many requests.</param>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public void DelayNext(string method, TimeSpan delay, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _api.Faults.Add(method, new() { Delay = delay });
        }
    }

    /// <summary>Carries the next request of a method out, and breaks the connection instead of answering.</summary>
    /// <param name="method">The documented name, such as <c>deleteNotification</c>.</param>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public void LoseNextAnswer(string method) => _api.Faults.Add(method, new() { LosesAnswer = true });

    /// <summary>Waits until every queue is empty: all deleted, or answered with 200.</summary>
    /// <param name="timeout">How long to wait, in real time; null for 30 seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When all queues are empty.</returns>
    /// <exception cref="TimeoutException">Something still waits; the message says what.</exception>
    public Task WaitUntilHandledAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        QueueDrain.WaitAsync(() => Instances, timeout, cancellationToken);

    /// <summary>Ends the server and every push; again is harmless.</summary>
    /// <returns>When it has ended.</returns>
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

        // Long polls are cut, as a vendor's restart would.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
        _client.Dispose();
    }

    private SimulatedInstance CreateInstance(SimulatedInstanceOptions options) =>
        new(options.IdInstance ?? Interlocked.Increment(ref _lastIdInstance), options, _options);
}
