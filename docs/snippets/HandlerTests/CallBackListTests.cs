using IncomingCalls;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace HandlerTests;

public sealed class CallBackListTests : IDisposable
{
    #region unit
    [Fact]
    public async Task HandleAsync_MissedCall_IsListed()
    {
        var list = new CallBackList();

        await list.HandleAsync(CallEvents.Missed("70000000101@c.us", name: "Ivan"), CancellationToken.None);

        Assert.Equal("Ivan", Assert.Single(list.Missed).Value);
    }
    #endregion

    #region simulator
    // An inbox file of its own: a test that shares it with others finds their calls.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("call-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task PolledInstance_MissedCall_IsListed()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        using var host = await StartHostAsync(instance.ToCallInstance(simulator.ApiUrl));

        instance.PlaceCall("70000000101@c.us").Ring().Decline();
        await simulator.WaitUntilAcknowledgedAsync();
        await host.WaitUntilIdleAsync();

        Assert.Equal("+70000000101", Assert.Single(host.Services.GetRequiredService<CallBackList>().Missed).Value);
        await host.StopAsync();
    }

    private async Task<IHost> StartHostAsync(CallInstance instance)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<CallBackList>();
        builder.Services.AddIncomingCalls()
            .UseSqliteInbox(Path.Combine(_folder.FullName, "calls.db"))
            .AddHandler<CallBackList>()
            .AddGreenApi(options => options.Instances =
            [
                new() { IdInstance = instance.IdInstance, ApiTokenInstance = instance.ApiTokenInstance, ApiUrl = instance.ApiUrl.ToString() },
            ]);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
    #endregion

    #region quirks
    [Fact]
    public async Task OddGateway_MissedCall_IsListedOnce()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        instance.CallQuirks = CallQuirks.Duplicates | CallQuirks.WrongFrom;
        instance.GatewayQuirks = GatewayQuirks.EmptyPolls;
        using var host = await StartHostAsync(instance.ToCallInstance(simulator.ApiUrl));

        instance.PlaceCall("70000000101@c.us").Ring().Decline();
        await simulator.WaitUntilAcknowledgedAsync();
        await host.WaitUntilIdleAsync();

        Assert.Equal("+70000000101", Assert.Single(host.Services.GetRequiredService<CallBackList>().Missed).Value);
        await host.StopAsync();
    }
    #endregion
}
