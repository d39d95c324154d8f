using IncomingCalls.Callers;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Tests.Callers;

/// <summary>A host with scripted resolvers.</summary>
internal sealed class CallerNameHost : IAsyncDisposable
{
    private CallerNameHost(TestHost host) => Host = host;

    public TestHost Host { get; }

    public CallerNameService Names => Host.Services.GetRequiredService<CallerNameService>();

    public CrmContacts Crm => Host.Services.GetRequiredService<CrmContacts>();

    public ShopContacts Shop => Host.Services.GetRequiredService<ShopContacts>();

    public FakeTimeProvider Clock => Host.Clock;

    /// <summary>Starts a host with the resolver <see cref="CrmContacts"/>.</summary>
    /// <param name="configure">Adds further resolvers; null for none.</param>
    /// <param name="options">Sets options; null for the defaults.</param>
    public static async Task<CallerNameHost> StartAsync(Action<IIncomingCallsBuilder>? configure = null, Action<IncomingCallsOptions>? options = null) => new(await TestHost.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton<CrmContacts>().AddSingleton<ShopContacts>();
            builder.AddCallerNames<CrmContacts>();
            configure?.Invoke(builder);
        },
        options));

    public static Caller CallerOf(int number) => new() { ChatId = ChatId.Parse($"7{number:D10}@c.us") };

    /// <summary>Resolves the name of a caller of an instance.</summary>
    public async Task<string?> ResolveAsync(int caller, long idInstance = 1) =>
        (await Names.ResolveAsync(idInstance, CallerOf(caller), isRinging: false, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(10))).Name;

    public IReadOnlyList<FakeLogRecord> LogsOf(int id) => [.. Host.Logs.GetSnapshot().Where(log => log.Id.Id == id)];

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
