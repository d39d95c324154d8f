using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The builder that <c>AddIncomingCalls</c> returns. Handlers, transports and an inbox are registered with its extension methods.</summary>
public interface IIncomingCallsBuilder
{
    /// <summary>The services of the host.</summary>
    IServiceCollection Services { get; }

    /// <summary>The configuration section that was passed to <c>AddIncomingCalls</c>, from which packages bind their child sections; null when none was passed.</summary>
    IConfigurationSection? Configuration { get; }
}

internal sealed class IncomingCallsBuilder(IServiceCollection services, IConfigurationSection? configuration) : IIncomingCallsBuilder
{
    public IServiceCollection Services { get; } = services;

    public IConfigurationSection? Configuration { get; } = configuration;
}
