using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace IncomingCalls.GreenApi.Tests.Client;

/// <summary>Defaults that a host sets for all its HTTP clients do not apply to the client of this package.</summary>
public sealed class HttpClientConfigurationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HttpClient_HostConfiguresDefaults_NoneApply(bool isBefore)
    {
        await using var gateway = await FakeGateway.StartAsync();
        var account = gateway.AddInstance();
        var services = new ServiceCollection();
        services.AddLogging();
        if (isBefore)
        {
            AddDefaults(services);
        }

        services.AddIncomingCalls().AddGreenApi(_ => { });
        if (!isBefore)
        {
            AddDefaults(services);
        }

        using var provider = services.BuildServiceProvider();
        account.Responder = (_, context) => FakeGateway.SendAsync(context, 500, "");

        var result = await provider.GetRequiredService<GreenApiClient>().ReceiveNotificationAsync(gateway.ToCallInstance(account));

        // The standard resilience handler would have sent four requests, and the other handler would have thrown.
        result.Status.Should().Be(GreenApiStatus.ServerError);
        account.Count("receiveNotification").Should().Be(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HttpClient_HostAddsAFilter_ItSeesNoAddress(bool isBefore)
    {
        await using var gateway = await FakeGateway.StartAsync();
        var account = gateway.AddInstance();
        var filter = new RecordingFilter();
        var services = new ServiceCollection();
        services.AddLogging();
        if (isBefore)
        {
            services.AddSingleton<IHttpMessageHandlerBuilderFilter>(filter);
        }

        services.AddIncomingCalls().AddGreenApi(_ => { });
        if (!isBefore)
        {
            services.AddSingleton<IHttpMessageHandlerBuilderFilter>(filter);
        }

        using var provider = services.BuildServiceProvider();
        var result = await provider.GetRequiredService<GreenApiClient>().GetStateInstanceAsync(gateway.ToCallInstance(account));

        result.IsOk.Should().BeTrue();
        filter.Addresses.Should().BeEmpty("every address contains the token");
    }

    [Fact]
    public async Task HttpClient_HostSetsAPrimaryHandlerOfItsOwn_TheTokenStaysProtected()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var account = gateway.AddInstance();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddIncomingCalls().AddGreenApi(_ => { });
        using var handler = new SocketsHttpHandler();
        services.AddHttpClient(GreenApiClient.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => handler);
        using var provider = services.BuildServiceProvider();

        (await provider.GetRequiredService<GreenApiClient>().GetStateInstanceAsync(gateway.ToCallInstance(account))).IsOk.Should().BeTrue();

        (handler.AllowAutoRedirect, handler.ActivityHeadersPropagator).Should().Be((false, null));
    }

    [Fact]
    public async Task HttpClient_HandlersOfTheHostNeedAScope_AreCreatedInOne()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var account = gateway.AddInstance();
        var services = new ServiceCollection();
        services.AddLogging().AddScoped<object>().AddTransient(provider => new ScopedHandler(provider.GetRequiredService<object>()));
        services.ConfigureHttpClientDefaults(static client => client.AddHttpMessageHandler<ScopedHandler>());
        services.AddIncomingCalls().AddGreenApi(_ => { });
        using var provider = services.BuildServiceProvider(validateScopes: true);

        (await provider.GetRequiredService<GreenApiClient>().GetStateInstanceAsync(gateway.ToCallInstance(account))).IsOk.Should().BeTrue();
    }

    [Fact]
    public async Task HttpClient_HostConfiguresThePrimaryHandler_IsUsed()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var account = gateway.AddInstance();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddIncomingCalls().AddGreenApi(_ => { });
        services.AddHttpClient(GreenApiClient.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => new ForbiddingHandler());
        using var provider = services.BuildServiceProvider();

        var sending = () => provider.GetRequiredService<GreenApiClient>().GetStateInstanceAsync(gateway.ToCallInstance(account));

        await sending.Should().ThrowAsync<InvalidOperationException>();
    }

    private static void AddDefaults(IServiceCollection services) => services.ConfigureHttpClientDefaults(client =>
    {
        client.AddStandardResilienceHandler();
        client.AddHttpMessageHandler(() => new ForbiddingHandler());
        client.ConfigureHttpClient(http => http.Timeout = TimeSpan.FromSeconds(3));
    });

    /// <summary>Adds a handler that records addresses, after all other filters.</summary>
    private sealed class RecordingFilter : IHttpMessageHandlerBuilderFilter
    {
        public List<Uri?> Addresses { get; } = [];

        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.AdditionalHandlers.Add(new RecordingHandler(Addresses));
        };

        private sealed class RecordingHandler(List<Uri?> addresses) : DelegatingHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                addresses.Add(request.RequestUri);
                return base.SendAsync(request, cancellationToken);
            }
        }
    }

    private sealed class ScopedHandler(object service) : DelegatingHandler
    {
        public object Service => service;
    }

    private sealed class ForbiddingHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("This handler is for other clients.");
    }
}
