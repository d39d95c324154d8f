using IncomingCalls.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace HandlerTests;

public class CallDeskHostTests
{
    #region webhook
    [Fact]
    public async Task Webhook_MissedCall_IsListed()
    {
        // In an application of yours: new WebApplicationFactory<Program>().
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<CallBackList>();
        builder.Services.AddIncomingCalls().AddHandler<CallBackList>().AddWebhook(webhook => webhook.Tokens = ["secret"]);
        await using var app = builder.Build();
        app.MapIncomingCalls();
        await app.StartAsync();

        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        simulator.PushThrough(app.GetTestClient(), token: "secret");
        instance.PlaceCall("70000000101@c.us").Ring().Decline();
        await simulator.WaitUntilAcknowledgedAsync();
        await app.WaitUntilIdleAsync();

        Assert.Equal("+70000000101", Assert.Single(app.Services.GetRequiredService<CallBackList>().Missed).Value);
    }
    #endregion
}
