using Guides.Adapters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AdapterTests.Hosting;

/// <summary>A host with the adapter, which stands for a process: it can be killed, and another one opens the same inbox.</summary>
internal sealed class AdapterProcess : IAsyncDisposable
{
    private readonly IHost _host;

    private AdapterProcess(IHost host, ProcessLife life) => (_host, Life) = (host, life);

    public ProcessLife Life { get; }

    public ICallInboxAdministration Administration => _host.Services.GetRequiredService<ICallInboxAdministration>();

    /// <param name="name">The name of the node, which its requests state.</param>
    /// <param name="table">The table of the application.</param>
    /// <param name="time">The clock.</param>
    /// <param name="useInbox">Registers the inbox.</param>
    /// <param name="logs">Receives the log; null for nobody.</param>
    /// <param name="nodes">The number of nodes.</param>
    public static async Task<AdapterProcess> StartAsync(
        string name, PortalTable table, TimeProvider time, Action<IIncomingCallsBuilder> useInbox, ILoggerProvider? logs = null, int nodes = 1)
    {
        var life = new ProcessLife();
        var portals = table.Open(life);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        }

        builder.Services.AddSingleton(time).AddSingleton(life).AddTransient<PacingBegins>().AddTransient<PacingEnds>();
        builder.Services.ConfigureHttpClientDefaults(http => http
            .ConfigureHttpClient(client => client.DefaultRequestHeaders.UserAgent.ParseAdd(name))
            .AddHttpMessageHandler<PacingBegins>());
        builder.Services.AddSingleton(portals);
        var calls = builder.Services.AddIncomingCalls();
        useInbox(calls);
        calls
            .UseScenario(CallScenario.AlertAndResult)
            .AddInstances<PortalTable.ProcessView>()
            .AddFilter<LifeFilter>()
            .AddCrm(portals, options => (options.ClientId, options.ClientSecret, options.Nodes) = ("calls-application", "calls-application-secret", nodes));
        builder.Services.AddHttpClient(nameof(CrmClient)).AddHttpMessageHandler<PacingEnds>();
        var host = builder.Build();
        await host.StartAsync();
        return new(host, life);
    }

    /// <summary>Accepts a notification, as a transport does.</summary>
    /// <exception cref="CallInboxUnavailableException">It was not accepted.</exception>
    public ValueTask<IntakeResult> AcceptAsync(IncomingCallNotification notification) => _host.Services.GetRequiredService<ICallIntake>().AcceptAsync(notification);

    /// <summary>Ends the process without a drain: what attempts have not saved by now is lost.</summary>
    public async Task KillAsync()
    {
        Life.Kill();
        await _host.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _host.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
