using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace IncomingCalls.GreenApi.Http;

/// <summary>
/// Creates the HTTP handler of the API client: the primary handler that is configured for the name of the client, and nothing around it. Handlers and
/// filters that the host adds to all of its clients would see the token, which is part of every address, and a timeout of theirs would end every long
/// poll.
/// </summary>
internal sealed class GreenApiHttpHandlerFactory(IServiceScopeFactory scopes, IOptionsMonitor<HttpClientFactoryOptions> options) : IDisposable
{
    /// <summary>The scope of the handlers that the host configures, as IHttpClientFactory has one.</summary>
    private readonly IServiceScope _scope = scopes.CreateScope();

    public HttpMessageHandler Create()
    {
        var builder = _scope.ServiceProvider.GetRequiredService<HttpMessageHandlerBuilder>();
        builder.Name = GreenApiHttpSender.HttpClientName;
        foreach (var configure in options.Get(builder.Name).HttpMessageHandlerBuilderActions)
        {
            configure(builder);
        }

        if (builder.PrimaryHandler is SocketsHttpHandler handler)
        {
            Protect(handler);
        }

        return builder.PrimaryHandler;
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>Protects the token, also with a handler of the host.</summary>
    public static void Protect(SocketsHttpHandler handler)
    {
        // A redirect would send the token to another server.
        handler.AllowAutoRedirect = false;
        // Without a propagator SocketsHttpHandler creates no activity, and therefore no url.full tag that contains the token.
        handler.ActivityHeadersPropagator = null;
    }
}
