using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>Hosts with the GREEN-API client, which a configuration in memory configures.</summary>
internal static class ConfiguredHost
{
    /// <summary>Creates the values of an entry of the instances.</summary>
    public static IEnumerable<(string Key, string Value)> CreateEntry(FakeGateway gateway, FakeInstance account, int index) =>
    [
        ($"GreenApi:Instances:{index}:IdInstance", $"{account.IdInstance}"),
        ($"GreenApi:Instances:{index}:ApiTokenInstance", account.Token),
        ($"GreenApi:Instances:{index}:ApiUrl", gateway.ApiUrl.ToString()),
    ];

    public static IConfigurationRoot CreateConfiguration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();

    /// <summary>Builds a host whose logs are recorded.</summary>
    public static IHost Build(IConfiguration configuration, out Func<IReadOnlyList<Microsoft.Extensions.Logging.Testing.FakeLogRecord>> logs, Action<IIncomingCallsBuilder>? more = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFakeLogging().AddEventSourceLogger();
        var calls = builder.Services.AddIncomingCalls().AddGreenApi(configuration.GetSection("GreenApi"));
        more?.Invoke(calls);
        var host = builder.Build();
        logs = () => host.Services.GetFakeLogCollector().GetSnapshot();
        return host;
    }
}
