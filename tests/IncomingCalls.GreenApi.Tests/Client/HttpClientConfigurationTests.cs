using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

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
        HandlerTypes(provider).Should().Equal("LifetimeTrackingHttpMessageHandler", nameof(SocketsHttpHandler));
    }

    [Fact]
    public void HttpClient_Timeout_ExceedsLongestPoll()
    {
        var services = new ServiceCollection();
        services.AddIncomingCalls().AddGreenApi(_ => { });
        using var provider = services.BuildServiceProvider();

        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(GreenApiClient.HttpClientName);

        client.Timeout.Should().BeGreaterThan(TimeSpan.FromSeconds(60 + 10));
    }

    private static void AddDefaults(IServiceCollection services) => services.ConfigureHttpClientDefaults(client =>
    {
        client.AddStandardResilienceHandler();
        client.AddHttpMessageHandler(() => new ForbiddingHandler());
        client.ConfigureHttpClient(http => http.Timeout = TimeSpan.FromSeconds(3));
    });

    private static IEnumerable<string> HandlerTypes(IServiceProvider provider)
    {
        var handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(GreenApiClient.HttpClientName);
        for (HttpMessageHandler? next = handler; next is not null; next = (next as DelegatingHandler)?.InnerHandler)
        {
            yield return next.GetType().Name;
        }
    }

    private sealed class ForbiddingHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("This handler is for other clients.");
    }
}
