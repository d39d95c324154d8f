using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace IncomingCalls.GreenApi.Http;

/// <summary>
/// Creates the HTTP handler of the API client: the primary handler that is configured for the name of the client, and nothing around it. Handlers and
/// filters that the host adds to all of its clients would see the token, which is part of every address, and a timeout of theirs would end every long
/// poll.
/// </summary>
internal sealed class GreenApiHttpHandlerFactory(HttpMessageHandlerBuilder builder, IOptionsMonitor<HttpClientFactoryOptions> options)
{
    public HttpMessageHandler Create()
    {
        builder.Name = GreenApiHttpSender.HttpClientName;
        foreach (var configure in options.Get(builder.Name).HttpMessageHandlerBuilderActions)
        {
            configure(builder);
        }

        return builder.PrimaryHandler;
    }
}
