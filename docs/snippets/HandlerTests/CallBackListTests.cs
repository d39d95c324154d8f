using IncomingCalls;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace HandlerTests;

public class CallBackListTests
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
    [Fact]
    public async Task PolledInstance_MissedCall_IsListed()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        using var host = await StartHostAsync(instance.ToCallInstance(simulator.ApiUrl));

        instance.PlaceCall("70000000101@c.us").Ring().Decline();
        await simulator.WaitUntilHandledAsync();

        Assert.Equal("+70000000101", Assert.Single(host.Services.GetRequiredService<CallBackList>().Missed).Value);
        await host.StopAsync();
    }

    private static async Task<IHost> StartHostAsync(CallInstance instance)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<CallBackList>();
        builder.Services.AddIncomingCalls()
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
        await simulator.WaitUntilHandledAsync();

        Assert.Equal("+70000000101", Assert.Single(host.Services.GetRequiredService<CallBackList>().Missed).Value);
        await host.StopAsync();
    }
    #endregion
}
