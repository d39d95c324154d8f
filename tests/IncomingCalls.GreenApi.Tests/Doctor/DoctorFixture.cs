using IncomingCalls.GreenApi.Client;
using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>A doctor, and an instance of a simulated gateway to examine.</summary>
internal sealed class DoctorFixture : IAsyncDisposable
{
    /// <summary>Options without the search for other consumers, whose request takes five seconds on an empty queue.</summary>
    public static readonly DoctorOptions WithoutConsumerWatch = new() { ConsumerWatchDuration = null };

    private readonly ServiceProvider _services;

    private readonly OffsetTimeProvider _timeProvider;

    private DoctorFixture(GreenApiSimulator simulator, TimeSpan clockDifference)
    {
        Simulator = simulator;
        Instance = simulator.AddInstance(options => options.ApiTokenInstance = "s3cret");
        Time = new(Signal);
        _timeProvider = new(clockDifference, Time);
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_timeProvider).AddGreenApiClient().BuildServiceProvider();
    }

    public GreenApiSimulator Simulator { get; }

    public SimulatedInstance Instance { get; }

    public TestSignal Signal { get; } = new();

    /// <summary>The fake clock, which ends waits and timeouts.</summary>
    public RecordingTimeProvider Time { get; }

    public GreenApiClient Client => _services.GetRequiredService<GreenApiClient>();

    public CallDoctor Doctor => new(Client, _timeProvider, _ => false);

    public CallInstance PolledInstance => Instance.ToCallInstance(Simulator.ApiUrl);

    public CallInstance WebhookInstance => Instance.ToCallInstance(Simulator.ApiUrl, ReceiveMode.Webhook);

    /// <param name="clockDifference">By how much the clock of the host is ahead of the real time.</param>
    public static async Task<DoctorFixture> StartAsync(TimeSpan clockDifference = default) =>
        new(await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false), clockDifference);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Simulator.DisposeAsync();
    }
}
