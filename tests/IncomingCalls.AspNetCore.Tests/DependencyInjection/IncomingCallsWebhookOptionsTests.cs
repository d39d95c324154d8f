using IncomingCalls.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IncomingCalls.AspNetCore.Tests.DependencyInjection;

public sealed class IncomingCallsWebhookOptionsTests
{
    public static TheoryData<Action<IncomingCallsWebhookOptions>, string> InvalidOptions => new()
    {
        { _ => { }, "IncomingCalls:Webhook:Tokens contains no token*IncomingCalls:Webhook:Tokens:0*IncomingCalls__Webhook__Tokens__0*IncomingCalls:Webhook:AllowAnonymous = true*" },
        { options => options.Tokens = [], "IncomingCalls:Webhook:Tokens contains no token*" },
        { options => options.Tokens = ["good", "Bearer "], "IncomingCalls:Webhook:Tokens:1 contains no secret*" },
        { options => (options.AllowAnonymous, options.MaxBodyBytes) = (true, 1023), "IncomingCalls:Webhook:MaxBodyBytes is 1023. Write a number from 1024 to 16777216." },
        { options => (options.AllowAnonymous, options.MaxBodyBytes) = (true, 16_777_217), "IncomingCalls:Webhook:MaxBodyBytes is 16777217*" },
        { options => (options.AllowAnonymous, options.AllowedSenders) = (true, ["10.0.0.0/8", "green-api.com"]), "IncomingCalls:Webhook:AllowedSenders:1 is 'green-api.com', which is not a network*203.0.113.0/24*" },
        { options => (options.AllowAnonymous, options.AllowedSenders) = (true, []), "IncomingCalls:Webhook:AllowedSenders is empty*" },
    };

    [Theory]
    [MemberData(nameof(InvalidOptions))]
    public async Task Start_InvalidOption_NamesItAndAValidValue(Action<IncomingCallsWebhookOptions> configure, string expected)
    {
        await using var app = WebhookHost.Build(new() { ConfigureWebhook = configure });

        await app.Invoking(host => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>().WithMessage(expected);
    }

    /// <summary>A single sender that was ignored would open the endpoint to every sender.</summary>
    [Theory]
    [InlineData("Tokens", "s3cret")]
    [InlineData("AllowedSenders", "10.0.0.0/8")]
    public async Task Start_SingleValueInPlaceOfAList_NamesTheKeyWithoutTheValue(string key, string value)
    {
        await using var app = WebhookHost.Build(new() { Configuration = { [$"Webhook:{key}"] = value } });

        await app.Invoking(host => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()
            .WithMessage($"IncomingCalls:Webhook:{key} is a single value instead of a list. Write its items as IncomingCalls:Webhook:{key}:0 and so on, or as an array in JSON.");
    }

    [Fact]
    public async Task Start_SingleValueInPlaceOfTheSection_NamesTheKeyWithoutTheValue()
    {
        await using var app = WebhookHost.Build(new() { Configuration = { ["Webhook"] = "s3cret" }, ConfigureWebhook = options => options.AllowAnonymous = true });

        await app.Invoking(host => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()
            .WithMessage("IncomingCalls:Webhook is a single value instead of a section. Write IncomingCalls:Webhook:Tokens:0, for example.");
    }

    [Fact]
    public async Task Start_SectionOfAnotherName_MessagesNameIt()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Calls:Webhook:AllowedSenders:0"] = "nowhere";
        builder.Services.AddIncomingCalls(builder.Configuration.GetSection("Calls")).AddWebhook();
        await using var app = builder.Build();

        (await app.Invoking(host => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).Which.Failures.Should()
            .ContainMatch("Calls:Webhook:Tokens contains no token*Calls:Webhook:Tokens:0*Calls__Webhook__Tokens__0*Calls:Webhook:AllowAnonymous = true*")
            .And.ContainMatch("Calls:Webhook:AllowedSenders:0 is 'nowhere'*");
    }

    /// <summary>The host does not start without a token, and the misspelt key says why there is none.</summary>
    [Fact]
    public async Task Start_MisspeltKeyOfTheTokens_IsLoggedBesideTheFailure()
    {
        var logs = new LogCapture();
        await using var app = WebhookHost.Build(new() { Configuration = { ["Webhook:Token:0"] = "s3cret" }, ConfigureWebhook = _ => { } }, logs);

        await app.Invoking(host => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>().WithMessage("IncomingCalls:Webhook:Tokens contains no token*");

        logs.WithId(901).Should().ContainSingle().Which.Text.Should()
            .StartWith("The configuration key IncomingCalls:Webhook:Token is unknown and has no effect; the nearest known key is IncomingCalls:Webhook:Tokens.").And.NotContain("s3cret");
    }

    [Fact]
    public async Task Start_PollingOnly_RequiresNoToken()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddIncomingCalls();
        using var host = builder.Build();

        await host.Invoking(h => h.StartAsync()).Should().NotThrowAsync();
        await host.StopAsync();
    }

    [Fact]
    public async Task AddWebhook_Configuration_IsBoundAndOverriddenByCode()
    {
        await using var app = WebhookHost.Build(new()
        {
            Configuration =
            {
                ["Webhook:Tokens:0"] = "one",
                ["Webhook:Tokens:1"] = "two",
                ["Webhook:MaxBodyBytes"] = "2048",
                ["Webhook:AllowedSenders:0"] = "10.0.0.0/8",
                ["Webhook:AllowAnonymous"] = "true",
            },
            ConfigureWebhook = options => options.MaxBodyBytes = 4096,
        });

        var options = app.Services.GetRequiredService<IOptionsMonitor<IncomingCallsWebhookOptions>>().CurrentValue;

        options.Tokens.Should().Equal("one", "two");
        options.AllowedSenders.Should().Equal("10.0.0.0/8");
        options.AllowAnonymous.Should().BeTrue();
        options.MaxBodyBytes.Should().Be(4096);
    }

    [Fact]
    public async Task AddWebhook_Twice_DuplicatesNothingAndCodeOverrides()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["IncomingCalls:Webhook:Tokens:0"] = "one";
        builder.Configuration["IncomingCalls:Webhook:MaxBodyBytes"] = "2048";
        builder.Services.AddIncomingCalls().AddWebhook(options => options.MaxBodyBytes = 4096);
        var count = 0;
        for (var i = 0; i < 2; i++)
        {
            builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls")).AddWebhook();
            count = i == 0 ? builder.Services.Count(Ours) : count;
        }

        builder.Services.Count(Ours).Should().Be(count);
        builder.Host.UseDefaultServiceProvider(options => options.ValidateScopes = options.ValidateOnBuild = true);
        await using var app = builder.Build();
        var options = app.Services.GetRequiredService<IOptionsMonitor<IncomingCallsWebhookOptions>>().CurrentValue;
        options.Tokens.Should().Equal("one");
        options.MaxBodyBytes.Should().Be(4096);
        app.Invoking(host => host.MapIncomingCalls()).Should().NotThrow();

        static bool Ours(ServiceDescriptor descriptor) =>
            (descriptor.ImplementationType ?? descriptor.ImplementationInstance?.GetType())?.Assembly == typeof(IncomingCallsWebhookOptions).Assembly;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MapIncomingCalls_WithoutAddWebhook_ThrowsNamingTheMissingCall(bool isCoreAdded)
    {
        var builder = WebApplication.CreateSlimBuilder();
        if (isCoreAdded)
        {
            builder.Services.AddIncomingCalls();
        }

        await using var app = builder.Build();

        app.Invoking(host => host.MapIncomingCalls()).Should().Throw<InvalidOperationException>().WithMessage("*AddIncomingCalls(…).AddWebhook()*");
    }
}
