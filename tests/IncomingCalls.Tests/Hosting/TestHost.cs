using IncomingCalls.Inbox;
using IncomingCalls.Inbox.InMemory;
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

    /// <summary>
    /// Waits until no handler is running and no delivery is due. Handlers run on the thread pool, so a test waits before it advances the clock, and
    /// afterwards before it checks their results.
    /// </summary>
    public Task WaitUntilIdleAsync() =>
        ((InMemoryInbox)Services.GetRequiredService<ICallInbox>()).WaitUntilNothingIsDueAsync().WaitAsync(TimeSpan.FromSeconds(10));

    /// <summary>Advances the clock, and waits until the work is done that has become due.</summary>
    public Task AdvanceAsync(TimeSpan time)
    {
        Clock.Advance(time);
        return WaitUntilIdleAsync();
    }

    public Task StopAsync() => _host.StopAsync();

    /// <summary>Advances the clock in steps until a task is complete, for work whose timer may not have started yet. It fails after ten seconds.</summary>
    public async Task AdvanceUntilAsync(Task task, TimeSpan step)
    {
        using var turns = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var turn = 0; turn < 500 && !task.IsCompleted; turn++)
        {
            Clock.Advance(step);
            await turns.WaitForNextTickAsync();
        }

        await task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Waits until the host or a part of it has stopped. A handler that a failed test has left running ends with its timeout.</summary>
    public async Task WaitForStopAsync(Task stopping)
    {
        try
        {
            await stopping.WaitAsync(TimeSpan.FromSeconds(1));
        }
        catch (TimeoutException)
        {
            await AdvanceUntilAsync(stopping, TimeSpan.FromSeconds(10));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await WaitForStopAsync(_host.StopAsync());
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
