using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.GreenApi.Tests.Doctor;

/// <summary>A doctor, and a patient at a simulated gateway.</summary>
internal sealed class Practice : IAsyncDisposable
{
    /// <summary>Nobody is looked for: an empty queue would hold the request for five seconds.</summary>
    public static readonly DoctorOptions Quick = new() { ConsumerWatch = null };

    private readonly ServiceProvider _services;

    private readonly ShiftedClock _clock;

    private Practice(GreenApiSimulator simulator, TimeSpan clockDifference)
    {
        Simulator = simulator;
        Account = simulator.AddInstance(options => options.ApiTokenInstance = "s3cret");
        Time = new(Pulse);
        _clock = new(clockDifference, Time);
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddGreenApiClient().BuildServiceProvider();
    }

    public GreenApiSimulator Simulator { get; }

    public SimulatedInstance Account { get; }

    public Pulse Pulse { get; } = new();

    /// <summary>Ends waits and time limits.</summary>
    public WatchedTime Time { get; }

    public GreenApiClient Client => _services.GetRequiredService<GreenApiClient>();

    public CallDoctor Doctor => new(Client, _clock, _ => false);

    public CallInstance Polled => Account.ToCallInstance(Simulator.ApiUrl);

    public CallInstance Webhook => Account.ToCallInstance(Simulator.ApiUrl, ReceiveMode.Webhook);

    /// <param name="clockDifference">How far the clock of this host is ahead of the right time.</param>
    public static async Task<Practice> OpenAsync(TimeSpan clockDifference = default) =>
        new(await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false), clockDifference);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Simulator.DisposeAsync();
    }
}
