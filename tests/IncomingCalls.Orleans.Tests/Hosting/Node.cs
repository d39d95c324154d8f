using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;

namespace IncomingCalls.Orleans.Tests.Hosting;

/// <summary>A host in a cluster: a silo with a handler, or a client.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly IHost _host;

    private Node(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public ICallIntake Intake => Services.GetRequiredService<ICallIntake>();

    public ICallInboxAdministration Inbox => Services.GetRequiredService<ICallInboxAdministration>();

    public FakeLogCollector Logs => Services.GetFakeLogCollector();

    /// <summary>Starts a host.</summary>
    /// <param name="cluster">Configures the host as a member of a cluster.</param>
    /// <param name="recorder">The recorder of its handler; null for a host without a handler.</param>
    /// <param name="configure">Configures the host for the test.</param>
    /// <param name="name">The name of the node in the recorder.</param>
    public static async Task<Node> StartAsync(
        Action<IServiceCollection>? cluster, EventRecorder? recorder, Action<IIncomingCallsBuilder>? configure = null, string name = "A")
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddFakeLogging();
        builder.Services.AddSingleton(new NodeName(name));
        cluster?.Invoke(builder.Services);
        var calls = builder.Services.AddIncomingCalls(options => options.RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(50), 100)]).UseOrleansInbox();
        if (recorder is not null)
        {
            builder.Services.AddSingleton(recorder);
            calls.AddHandler<RecordingHandler>("told");
        }

        configure?.Invoke(calls);
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new(host);
    }

    public static IncomingCallNotification CreateNotification(string? status, string id = "A", long instance = 1101000001) => new()
    {
        IdMessage = id,
        Instance = new() { IdInstance = instance },
        RawStatus = status,
        From = ChatId.Parse("70000000101@c.us"),
        Timestamp = TimeProvider.System.GetUtcNow(),
    };

    /// <summary>Delivers a notification until it is acknowledged, as the gateway does.</summary>
    public async Task<IntakeResult> DeliverAsync(IncomingCallNotification notification)
    {
        IntakeResult? result = null;
        await Eventually.HoldsAsync(async () => result = await Intake.AcceptAsync(notification));
        return result!;
    }

    /// <summary>Stops the host gracefully, as in a deployment: running work can finish.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <summary>Stops the host without waiting for running work, which is the closest to a crash within the process of the test.</summary>
    public Task AbortAsync() => _host.StopAsync(new CancellationToken(canceled: true));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
