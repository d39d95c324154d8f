using System.Net;
using System.Net.Http.Json;
using Guides.ManyCustomers;
using IncomingCalls.Guides.Tests.Recording;
using IncomingCalls.Processes;
using IncomingCalls.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Guides.Tests;

/// <summary>The host of docs/many-customers.md.</summary>
public class ManyCustomersTests
{
    [Fact]
    public async Task Put_NewCustomers_CallsAreAcceptedAtTheirOwnAddressWithTheirOwnTokenOnly()
    {
        await using var simulator = await StartSimulatorAsync();
        await using var host = await StartHostAsync();
        var (first, second) = (simulator.AddInstance(), simulator.AddInstance());

        await PutAsync(host, simulator, first);
        await PutAsync(host, simulator, second);
        await Eventually.HoldsAsync(() => host.Services.GetRequiredService<ICallInstances>().Current.Should().HaveCount(2));

        first.Settings.WebhookUrl.Should().Be($"https://calls.example.com/hooks/{first.IdInstance}");
        first.Settings.WebhookUrlToken.Should().NotBe(second.Settings.WebhookUrlToken);
        (await PostAsync(host, first, first.Settings.WebhookUrlToken)).Should().Be(HttpStatusCode.OK);
        (await PostAsync(host, first, second.Settings.WebhookUrlToken)).Should().Be(HttpStatusCode.Forbidden);
        (await PostAsync(host, second, first.Settings.WebhookUrlToken)).Should().Be(HttpStatusCode.Forbidden);
        (await PostAsync(host, first, "wrong")).Should().Be(HttpStatusCode.Unauthorized);
        await Eventually.HoldsAsync(() => host.Recorded.Events.Should().ContainSingle().Which.Call.Key.IdInstance.Should().Be(first.IdInstance));
    }

    [Fact]
    public async Task Put_KnownCustomer_TokenOfTheWebhookRemains()
    {
        await using var simulator = await StartSimulatorAsync();
        await using var host = await StartHostAsync();
        var instance = simulator.AddInstance();
        await PutAsync(host, simulator, instance);
        var token = instance.Settings.WebhookUrlToken;

        (await PutAsync(host, simulator, instance)).Should().Be("All settings are as wanted.");

        instance.Settings.WebhookUrlToken.Should().Be(token);
    }

    /// <summary>Without the limit of one request for settings per second, for which the tests would have to wait.</summary>
    private static Task<GreenApiSimulator> StartSimulatorAsync() => GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false);

    private static Task<GuideHost> StartHostAsync() => GuideHost.StartAsync(
        builder => CustomersHost.Add(builder).AddHandler<CallRecorder>(),
        app =>
        {
            CustomersHost.MapWebhook(app);
            CustomersHost.MapCustomers(app).AllowAnonymous();
            using var scope = app.Services.CreateScope();
            scope.ServiceProvider.GetRequiredService<CustomerDb>().Database.EnsureCreated();
        });

    private static async Task<string> PutAsync(GuideHost host, GreenApiSimulator simulator, SimulatedInstance instance)
    {
        var settings = new CustomerSettings("Customer", simulator.ApiUrl.ToString(), instance.ApiTokenInstance);
        using var response = await host.Client.PutAsJsonAsync($"/customers/{instance.IdInstance}", settings);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private static Task<HttpStatusCode> PostAsync(GuideHost host, SimulatedInstance instance, string token) =>
        host.PostAsync($"/hooks/{instance.IdInstance}", NotificationJson.CreateCall(idInstance: instance.IdInstance), token);
}
