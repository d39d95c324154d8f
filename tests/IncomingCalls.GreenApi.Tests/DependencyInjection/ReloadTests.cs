using System.Text;
using IncomingCalls.GreenApi.Polling;
using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IncomingCalls.GreenApi.Tests.DependencyInjection;

/// <summary>Changes of the configuration while the host runs.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task Reload_EntryAdded_IsPolled()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var (first, second) = (gateway.AddInstance(1), gateway.AddInstance(2));
        var configuration = ConfiguredHost.CreateConfiguration([.. ConfiguredHost.CreateEntry(gateway, first, 0)]);
        using var host = ConfiguredHost.Build(configuration, out _);
        await host.StartAsync();
        await gateway.Signal.WaitUntilAsync(() => first.WaitingPolls == 1);

        foreach (var (key, value) in ConfiguredHost.CreateEntry(gateway, second, 1))
        {
            configuration[key] = value;
        }

        configuration.Reload();
        await gateway.Signal.WaitUntilAsync(() => second.WaitingPolls == 1);

        first.Count("receiveNotification").Should().Be(1);
        await host.StopAsync();
    }

    [Fact]
    public async Task Reload_InvalidValue_KeepsLastValidOptions()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var account = gateway.AddInstance();
        var configuration = ConfiguredHost.CreateConfiguration([.. ConfiguredHost.CreateEntry(gateway, account, 0)]);
        using var host = ConfiguredHost.Build(configuration, out _);
        await host.StartAsync();
        await gateway.Signal.WaitUntilAsync(() => account.WaitingPolls == 1);

        configuration["GreenApi:ReceiveTimeout"] = "60";
        configuration.Invoking(root => root.Reload()).Should().Throw<Exception>();
        account.Enqueue(NotificationJson.OtherType());
        await gateway.Signal.WaitUntilAsync(() => account.QueueLength == 0 && account.WaitingPolls == 1);

        await host.StopAsync();
    }

    /// <summary>The file of the instances disappears, while their tokens come from another source, such as environment variables.</summary>
    [Fact]
    public async Task Reload_SourceOfTheInstancesEmptied_KeepsPolling()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var account = gateway.AddInstance();
        var file = new EmptiableSource(ConfiguredHost.CreateEntry(gateway, account, 0).Where(pair => !pair.Item1.EndsWith("ApiTokenInstance", StringComparison.Ordinal)));
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        ((IConfigurationBuilder)builder.Configuration).Add(file);
        builder.Configuration.AddInMemoryCollection([new("GreenApi:Instances:0:ApiTokenInstance", account.Token)]);
        builder.Logging.AddFakeLogging();
        builder.Services.AddIncomingCalls().AddGreenApi(builder.Configuration.GetSection("GreenApi"));
        using var host = builder.Build();
        await host.StartAsync();
        await gateway.Signal.WaitUntilAsync(() => account.WaitingPolls == 1);

        file.Empty();
        account.Enqueue(NotificationJson.OtherType());
        await gateway.Signal.WaitUntilAsync(() => account.QueueLength == 0 && account.WaitingPolls == 1);

        host.Services.GetFakeLogCollector().GetSnapshot().Should().ContainSingle(log => log.Id.Id == 900).Which.Message.Should().Contain("has no values any more");
        host.Services.GetRequiredService<ICallInstances>().Find(account.IdInstance).Should().NotBeNull();
        await host.StopAsync();
    }

    /// <summary>A configuration source that loses its values, as a file does that is deleted.</summary>
    private sealed class EmptiableSource : ConfigurationProvider, IConfigurationSource
    {
        public EmptiableSource(IEnumerable<(string Key, string Value)> values) => Data = values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.OrdinalIgnoreCase);

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Empty()
        {
            Data.Clear();
            OnReload();
        }
    }
}
