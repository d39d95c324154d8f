using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>A host with the real core and the real poller.</summary>
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

    /// <param name="signal">Is notified when something happens in the host.</param>
    /// <param name="instances">The instances that are polled from the start.</param>
    /// <param name="configure">Configures the host.</param>
    /// <param name="useFakeClock">Whether the host uses a fake clock.</param>
    public static async Task<TestHost> StartAsync(
        TestSignal signal, IReadOnlyCollection<CallInstance> instances, Action<IIncomingCallsBuilder>? configure = null, bool useFakeClock = false)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFakeLogging(logs => logs.OutputSink = _ => signal.Notify()).AddEventSourceLogger();
        if (useFakeClock)
        {
            builder.Services.AddSingleton<TimeProvider>(new RecordingTimeProvider(signal));
        }

        builder.Services.AddSingleton(new EventRecorder(signal));
        var source = new TestInstanceSource();
        source.Set(instances);
        builder.Services.AddSingleton(source);
        builder.Services.AddSingleton<IInstanceSource>(source);
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
