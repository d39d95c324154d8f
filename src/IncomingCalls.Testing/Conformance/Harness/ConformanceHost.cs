using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Testing.Conformance.Harness;

/// <summary>A host with the inbox under test, which a case starts and stops. Its <see cref="Recorder"/> survives restarts.</summary>
internal sealed class ConformanceHost(InboxUnderTest inbox) : IAsyncDisposable
{
    /// <summary>Short delays, to keep the cases fast; three retries are enough for every case.</summary>
    private static readonly TimeSpan[] RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(50), 3)];

    private IHost? _host;

    public HandlerRecorder Recorder { get; } = new();

    public IServiceProvider Services => _host!.Services;

    public ICallIntake Intake => Services.GetRequiredService<ICallIntake>();

    public ICallInboxAdministration Administration => Services.GetRequiredService<ICallInboxAdministration>();

    /// <summary>Starts a host, by default with <see cref="FirstHandler"/>.</summary>
    public async Task StartAsync(Action<IIncomingCallsBuilder>? handlers = null, Action<IncomingCallsOptions>? options = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(Recorder);
        var calls = builder.Services.AddIncomingCalls(settings =>
        {
            settings.RetryDelays = RetryDelays;
            settings.GiveUpAfter = TimeSpan.Zero;
            options?.Invoke(settings);
        });
        inbox.Register(calls);
        (handlers ?? (static calls => calls.AddHandler<FirstHandler>(FirstHandler.Name)))(calls);
        _host = builder.Build();
        await _host.StartAsync().ConfigureAwait(false);
    }

    /// <summary>Stops the host as a deployment does, with time to drain running attempts.</summary>
    public async Task StopAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.StopAsync().ConfigureAwait(false);
            host.Dispose();
        }
    }

    /// <summary>Stops the host without time to drain: the running attempts are cancelled, and do not count.</summary>
    public async Task StopAtOnceAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            host.Dispose();
        }
    }

    /// <summary>Delivers a notification repeatedly until it is acknowledged, as the gateway does.</summary>
    public async Task<IntakeResult> DeliverAsync(IncomingCallNotification notification)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var delivery = 1; ; delivery++)
        {
            try
            {
                return await Intake.AcceptAsync(notification).ConfigureAwait(false);
            }
            catch (CallInboxUnavailableException) when (delivery < 50)
            {
                await timer.WaitForNextTickAsync().ConfigureAwait(false);
            }
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);
}

/// <summary>Creates the notifications of the cases.</summary>
internal static class TestNotifications
{
    public const long IdInstance = 1101000001;

    public static IncomingCallNotification CreateCall(string? status, string id = "A", long instance = IdInstance, TimeSpan age = default) => new()
    {
        IdMessage = id,
        Instance = new() { IdInstance = instance, Wid = ChatId.Parse("70000000001@c.us"), TypeInstance = "whatsapp" },
        RawStatus = status,
        From = ChatId.Parse("70000000101@c.us"),
        Timestamp = TimeProvider.System.GetUtcNow() - age,
    };
}
