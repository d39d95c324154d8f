using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>A doctor, and a patient at a simulated gateway.</summary>
internal sealed class DoctorFixture : IAsyncDisposable
{
    /// <summary>Nobody is looked for: an empty queue would hold the request for five seconds.</summary>
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

    /// <summary>Ends waits and time limits.</summary>
    public RecordingTimeProvider Time { get; }

    public GreenApiClient Client => _services.GetRequiredService<GreenApiClient>();

    public CallDoctor Doctor => new(Client, _timeProvider, _ => false);

    public CallInstance PolledInstance => Instance.ToCallInstance(Simulator.ApiUrl);

    public CallInstance WebhookInstance => Instance.ToCallInstance(Simulator.ApiUrl, ReceiveMode.Webhook);

    /// <param name="clockDifference">How far the clock of this host is ahead of the right time.</param>
    public static async Task<DoctorFixture> StartAsync(TimeSpan clockDifference = default) =>
        new(await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false), clockDifference);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Simulator.DisposeAsync();
    }
}
