using System.Collections.Concurrent;
using System.Text;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Cli.Tests.Inbox;

/// <summary>An inbox file with a running host whose handler rejects all events until <see cref="Crm.IsUp"/> is set.</summary>
internal sealed class HostedInbox : IAsyncDisposable
{
    public const string Caller = "70000000101";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-inbox-");
    private IHost? _host;

    public string File => Path.Combine(_folder.FullName, "calls.db");

    public Crm Crm { get; } = new();

    /// <summary>Creates a file with two dead letters and a quarantined body; the host keeps running.</summary>
    public static async Task<HostedInbox> StartAsync()
    {
        var inbox = new HostedInbox();
        inbox._host = await StartHostAsync(inbox.File, inbox.Crm);
        await inbox.AcceptAsync(CreateCallJson("A1"));

        // Calls are handled in parallel, so the second is sent after the first is handled: the tests depend on the order of the dead letters.
        await inbox.WaitForCountsAsync(deadLetters: 1, quarantined: 0);
        await inbox.AcceptAsync(CreateCallJson("A2"));
        await inbox.AcceptAsync($"{{\"typeWebhook\":\"incomingCall\",\"from\":\"{Caller}@c.us\"}}");
        await inbox.WaitForCountsAsync(deadLetters: 2, quarantined: 1);
        return inbox;
    }

    public Task WaitForCountsAsync(long deadLetters, long quarantined) => Eventually.HoldsAsync(async () =>
        (await new SqliteInboxFile(File).GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 0L, DeadLetters = deadLetters, Quarantined = quarantined }));

    /// <summary>Creates another inbox file without calls.</summary>
    public async Task CreateEmptyAsync(string file)
    {
        using var host = await StartHostAsync(file, Crm);
        await host.StopAsync();
    }

    /// <summary>Receives a missed call.</summary>
    public Task CallAsync(string id) => AcceptAsync(CreateCallJson(id));

    public async Task StopHostAsync()
    {
        if (Interlocked.Exchange(ref _host, null) is { } host)
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopHostAsync();
        _folder.Delete(recursive: true);
    }

    private static string CreateCallJson(string id) =>
        $$$"""{"typeWebhook":"incomingCall","idMessage":"{{{id}}}","from":"{{{Caller}}}@c.us","status":"declined","timestamp":1790000000,"instanceData":{"idInstance":1101000001,"wid":"70000000001@c.us","typeInstance":"whatsapp"}}""";

    private static async Task<IHost> StartHostAsync(string file, Crm crm)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddLogging().AddSingleton(crm);
        builder.Services.AddIncomingCalls().UseSqliteInbox(file).AddHandler<Crm>("crm");
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private async Task AcceptAsync(string json) => await _host!.Services.GetRequiredService<ICallIntake>().AcceptAsync(Encoding.UTF8.GetBytes(json));
}

/// <summary>A handler that rejects all events while the CRM is down, or finds one of its portals unavailable.</summary>
internal sealed class Crm : ICallEventHandler
{
    public bool IsUp { get; set; }

    /// <summary>The portal of all events if it is unavailable.</summary>
    public string? UnavailablePortal { get; set; }

    public ConcurrentQueue<string> Events { get; } = new();

    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        if (UnavailablePortal is { } portal)
        {
            throw new DestinationUnavailableException(portal, TimeSpan.FromHours(1), "The token was revoked.");
        }

        if (!IsUp)
        {
            throw new CallEventRejectedException("The CRM does not know the caller.");
        }

        Events.Enqueue(callEvent.Id);
        return default;
    }
}
