using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>A host with the real core, the real poller, without a network of its own.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly IHost _host;

    private TestHost(IHost host) => _host = host;

    public EventRecorder Recorder => Services.GetRequiredService<EventRecorder>();

    public TestInstanceSource Instances => Services.GetRequiredService<TestInstanceSource>();

    public IServiceProvider Services => _host.Services;

    public CallDoctor Doctor => Services.GetRequiredService<CallDoctor>();

    public RecordingTimeProvider Time => (RecordingTimeProvider)Services.GetRequiredService<TimeProvider>();

    public IReadOnlyList<FakeLogRecord> Logs => Services.GetFakeLogCollector().GetSnapshot();

    /// <param name="pulse">Beats when something happens.</param>
    /// <param name="instances">Polled from the start.</param>
    /// <param name="configure">What else the host has.</param>
    /// <param name="standStill">Whether the clock stands still.</param>
    public static async Task<TestHost> StartAsync(
        TestSignal pulse, IReadOnlyCollection<CallInstance> instances, Action<IIncomingCallsBuilder>? configure = null, bool standStill = false)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFakeLogging(logs => logs.OutputSink = _ => pulse.Notify()).AddEventSourceLogger();
        if (standStill)
        {
            builder.Services.AddSingleton<TimeProvider>(new RecordingTimeProvider(pulse));
        }

        builder.Services.AddSingleton(new EventRecorder(pulse));
        var listed = new TestInstanceSource();
        listed.Set(instances);
        builder.Services.AddSingleton(listed);
        builder.Services.AddSingleton<IInstanceSource>(listed);
        var calls = builder.Services.AddIncomingCalls()
            .AddHandler<RecordingHandler>(options => options.RetryDelays = [])
            .AddGreenApi(options =>
            {
                options.InitialRetryDelay = TimeSpan.FromMilliseconds(100);
                options.MaxRetryDelay = TimeSpan.FromSeconds(1);
            });
        configure?.Invoke(calls);
        var host = new TestHost(builder.Build());
        await host._host.StartAsync();
        return host;
    }

    public async Task<string> HealthAsync()
    {
        var source = Services.GetServices<ICallHealthSource>().Single(source => source.Name == "green-api");
        var result = await source.CheckAsync(default);
        return $"{result.Status} {result.Description}".Trim();
    }

    public IEnumerable<FakeLogRecord> LogsOf(int id) => Logs.Where(log => log.Id.Id == id);

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
