using System.Text;
using IncomingCalls.AspNetCore.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.AspNetCore.Tests.Tokens;

/// <summary>The check of tokens as a host with an endpoint of its own uses it.</summary>
public sealed class WebhookTokenValidatorTests
{
    private readonly MutableInstanceSource _source = new();

    [Theory]
    [InlineData("demo-secret")]
    [InlineData("Bearer demo-secret")]
    [InlineData("Bearer Bearer demo-secret")]
    [InlineData("Basic demo-secret")]
    [InlineData("Basic ZGVtbzpkZW1vLXNlY3JldA==")]
    public async Task Validate_TokenOfTheEndpointInAnyFormat_IsValidForEveryInstance(string header)
    {
        await using var host = await WebhookHost.StartAsync();

        var result = GetValidator(host).Validate(header);

        result.IsValid.Should().BeTrue();
        result.ExpectedIdInstances.Should().BeNull();
        result.Problem.Should().BeNull();
    }

    [Fact]
    public async Task Validate_TokenOfInstances_NamesThem()
    {
        await using var host = await StartWithInstancesAsync(
            new() { IdInstance = NotificationJson.IdInstance, WebhookTokens = ["token-a", "common"] },
            new() { IdInstance = NotificationJson.OtherInstance, WebhookTokens = ["Bearer common"] });
        var validator = GetValidator(host);

        validator.Validate("Bearer token-a").ExpectedIdInstances.Should().Equal(NotificationJson.IdInstance);
        validator.Validate("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("user:common"))).ExpectedIdInstances
            .Should().BeEquivalentTo([NotificationJson.IdInstance, NotificationJson.OtherInstance]);
    }

    [Fact]
    public async Task Validate_InstanceRemoved_RefusesItsToken()
    {
        await using var host = await StartWithInstancesAsync(new CallInstance { IdInstance = NotificationJson.IdInstance, WebhookTokens = ["token-a"] });
        var validator = GetValidator(host);
        validator.Validate("token-a").IsValid.Should().BeTrue();

        _source.Set();
        await host.WaitForInstancesAsync(current => current.Count == 0);

        validator.Validate("token-a").IsValid.Should().BeFalse();
        validator.Validate("token-a").Problem.Should().StartWith("No token is configured; set IncomingCalls:Webhook:Tokens:0");
    }

    [Fact]
    public async Task Validate_ConfigurationChanged_UsesTheNewToken()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = null, Configuration = { ["Webhook:Tokens:0"] = "old-secret" } });
        var validator = GetValidator(host);
        validator.Validate("old-secret").IsValid.Should().BeTrue();

        host.SetConfiguration("Webhook:Tokens:0", "new-secret");

        validator.Validate("old-secret").IsValid.Should().BeFalse();
        validator.Validate("new-secret").IsValid.Should().BeTrue();
    }

    [Theory]
    [InlineData(null, "The request had no Authorization header")]
    [InlineData("Bearer guessed-secret", "The token of the request is not configured")]
    public async Task Validate_MissingOrUnknownToken_SaysWhyWithoutIt(string? header, string problem)
    {
        await using var host = await WebhookHost.StartAsync();

        var result = GetValidator(host).Validate(header);

        result.IsValid.Should().BeFalse();
        result.ExpectedIdInstances.Should().BeNull();
        result.Problem.Should().StartWith(problem).And.NotContainAny("guessed-secret", WebhookHostOptions.Token);
    }

    [Fact]
    public async Task Validate_AllowAnonymous_NeedsNoToken()
    {
        await using var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = options => options.AllowAnonymous = true });

        GetValidator(host).Validate(default).IsValid.Should().BeTrue();
    }

    private static IWebhookTokenValidator GetValidator(WebhookHost host) => host.Services.GetRequiredService<IWebhookTokenValidator>();

    private async Task<WebhookHost> StartWithInstancesAsync(params CallInstance[] instances)
    {
        _source.Set(instances);
        var host = await WebhookHost.StartAsync(new() { ConfigureWebhook = null, ConfigureHost = builder => builder.Services.AddSingleton<IInstanceSource>(_source) });
        await host.WaitForInstancesAsync(current => current.Count == instances.Length);
        return host;
    }
}
