using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>Fills the options from configuration; also the mark that this section is bound already, because lists bound twice would double.</summary>
internal sealed class IncomingCallsConfiguration(IConfigurationSection section) : IConfigureOptions<IncomingCallsOptions>
{
    public string Path => section.Path;

    public void Configure(IncomingCallsOptions options) => section.Bind(options);
}
