using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>Fills the options from configuration; also the mark that this section is bound already, because lists bound twice would double.</summary>
internal sealed class GreenApiConfiguration(IConfigurationSection section) : IConfigureOptions<GreenApiOptions>
{
    public string Path => section.Path;

    public void Configure(GreenApiOptions options) => section.Bind(options);
}
