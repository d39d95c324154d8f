using Guides.Adapters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.AdapterTests.Hosting;

/// <summary>A host with the SQLite inbox and the adapter, which stands for a process: it can be killed, and another one opens the same file.</summary>
internal sealed class AdapterProcess : IAsyncDisposable
{
    /// <summary>How long a killed process may take to stop, in real time, until what waits for the clock must be released.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(500);

    private readonly IHost _host;
    private readonly FakeTimeProvider _time;

    private AdapterProcess(IHost host, ProcessLife life, FakeTimeProvider time) => (_host, Life, _time) = (host, life, time);

    public ProcessLife Life { get; }

    public ICallInboxAdministration Administration => _host.Services.GetRequiredService<ICallInboxAdministration>();

    public static async Task<AdapterProcess> StartAsync(string path, PortalTable table, FakeTimeProvider time, ILoggerProvider? logs = null)
    {
        var life = new ProcessLife();
        var portals = table.Open(life);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        }

        builder.Services.AddSingleton<TimeProvider>(time).AddSingleton(life).AddTransient<PacingBegins>().AddTransient<PacingEnds>();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler<PacingBegins>());
        builder.Services.AddSingleton(portals);
        builder.Services.AddIncomingCalls()
            .UseScenario(CallScenario.AlertAndResult)
            .UseSqliteInbox(options => (options.Path, options.LockTimeout) = (path, TimeSpan.Zero))
            .AddInstances<PortalTable.ProcessView>()
            .AddFilter<LifeFilter>()
            .AddCrm(portals, options => (options.ClientId, options.ClientSecret) = ("calls-application", "calls-application-secret"));
        builder.Services.AddHttpClient(nameof(CrmClient)).AddHttpMessageHandler<PacingEnds>();
        var host = builder.Build();
        await host.StartAsync();
        return new(host, life, time);
    }

    /// <summary>Accepts a notification, as a transport does.</summary>
    /// <exception cref="CallInboxUnavailableException">It was not accepted.</exception>
    public ValueTask<IntakeResult> AcceptAsync(IncomingCallNotification notification) => _host.Services.GetRequiredService<ICallIntake>().AcceptAsync(notification);

    /// <summary>Waits until nothing happens without the clock being advanced, or the process is killed.</summary>
    /// <param name="maxStall">
    /// How long attempts may do nothing, in real time, before that counts as a wait for the clock: for an answer that the server delays, or for a refresh by another attempt.
    /// </param>
    public async Task SettleAsync(TimeSpan maxStall)
    {
        var version = Life.Version;
        var changedAt = TimeProvider.System.GetTimestamp();
        while (!Life.HasEnded)
        {
            await WaitForWriterAsync();
            await Task.Yield();
            if (Life.Version != version)
            {
                (version, changedAt) = (Life.Version, TimeProvider.System.GetTimestamp());
            }
            else if (Life.IsBlocked || TimeProvider.System.GetElapsedTime(changedAt) > maxStall)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>Waits until the inbox has committed what was posted before, and has started what became due by it: a duplicate is accepted after that.</summary>
    private async Task WaitForWriterAsync() => await AcceptAsync(new()
    {
        IdMessage = "idle",
        Instance = new() { IdInstance = PortalTable.InstanceWithoutPortal },
        RawStatus = "missed",
        Timestamp = _time.Start,
    });

    /// <summary>Ends the process without a drain: what attempts have not saved by now is lost.</summary>
    public async Task KillAsync()
    {
        Life.Kill();
        var stop = _host.StopAsync(new CancellationToken(canceled: true));
        while (await Task.WhenAny(stop, Task.Delay(StopGrace)) != stop)
        {
            // An attempt that does not react to its cancellation is waited for by the clock of the host.
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await stop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _host.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
