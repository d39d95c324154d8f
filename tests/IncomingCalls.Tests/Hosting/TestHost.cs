using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Tests.Hosting;

/// <summary>A real host with the in-memory inbox, a fake clock, and a <see cref="TestRecorder"/> for the classes of the host.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1790000000);

    private readonly IHost _host;

    private TestHost(IHost host) => _host = host;

    public FakeTimeProvider Clock => (FakeTimeProvider)Services.GetRequiredService<TimeProvider>();

    public TestRecorder Recorder => Services.GetRequiredService<TestRecorder>();

    public FakeLogCollector Logs => Services.GetFakeLogCollector();

    public ICallIntake Intake => Services.GetRequiredService<ICallIntake>();

    public IServiceProvider Services => _host.Services;

    public static async Task<TestHost> StartAsync(Action<IIncomingCallsBuilder> configure, Action<IncomingCallsOptions>? options = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = Environments.Development });
        builder.Logging.AddFakeLogging().AddEventSourceLogger();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now));
        builder.Services.AddSingleton<TestRecorder>();
        configure(builder.Services.AddIncomingCalls(options));
        // ValidateScopes finds scoped services that are resolved from the root; ValidateOnBuild finds services that cannot be constructed.
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new() { ValidateScopes = true, ValidateOnBuild = true }));
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

/// <summary>Creates notifications for tests.</summary>
internal static class TestNotifications
{
    public static IncomingCallNotification CreateCall(string? status, string id = "A", string? from = "70000000101@c.us", double secondsAgo = 0) => new()
    {
        IdMessage = id,
        Instance = new() { IdInstance = 1101000001, Wid = ChatId.Parse("70000000001@c.us"), TypeInstance = "whatsapp" },
        RawStatus = status,
        From = from is null ? null : ChatId.Parse(from),
        Timestamp = TestHost.Now.AddSeconds(-secondsAgo),
    };
}
