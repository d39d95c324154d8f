using IncomingCalls.Callers;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Cli.Connections;

/// <summary>The client and the caller name service for one instance, without a host.</summary>
internal sealed class GreenApiConnection : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public GreenApiConnection(CallInstance instance)
    {
        Instance = instance;
        var services = new ServiceCollection();
        // No logging provider: the log messages of the packages are meant for hosts.
        services.AddLogging();
        services.AddIncomingCalls().AddGreenApi(options => options.Instances =
        [
            new() { IdInstance = instance.IdInstance, ApiTokenInstance = instance.ApiTokenInstance, ApiUrl = instance.ApiUrl.AbsoluteUri },
        ]);
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<GreenApiClient>();
        CallerNames = _services.GetRequiredService<CallerNameService>();
    }

    public CallInstance Instance { get; }

    public GreenApiClient Client { get; }

    public CallerNameService CallerNames { get; }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
