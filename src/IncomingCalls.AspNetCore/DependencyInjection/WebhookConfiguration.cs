using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>Fills the options from configuration; also the mark that this section is bound already, because lists bound twice would double.</summary>
internal sealed class WebhookConfiguration(IConfigurationSection section) : IConfigureOptions<IncomingCallsWebhookOptions>
{
    public string Path => section.Path;

    public void Configure(IncomingCallsWebhookOptions options) => section.Bind(options);
}
