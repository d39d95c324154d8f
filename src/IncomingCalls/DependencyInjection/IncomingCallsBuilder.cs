using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

internal sealed class IncomingCallsBuilder(IServiceCollection services, IConfigurationSection? configuration) : IIncomingCallsBuilder
{
    public IServiceCollection Services { get; } = services;

    public IConfigurationSection? Configuration { get; } = configuration;
}
