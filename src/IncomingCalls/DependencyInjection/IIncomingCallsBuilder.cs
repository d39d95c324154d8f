using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What <c>AddIncomingCalls</c> returns; everything else hangs from it.</summary>
public interface IIncomingCallsBuilder
{
    /// <summary>The services of the host.</summary>
    IServiceCollection Services { get; }

    /// <summary>The section <c>IncomingCalls</c> that was given; packages bind their child sections from it. Null when none was.</summary>
    IConfigurationSection? Configuration { get; }
}

internal sealed class IncomingCallsBuilder(IServiceCollection services, IConfigurationSection? configuration) : IIncomingCallsBuilder
{
    public IServiceCollection Services { get; } = services;

    public IConfigurationSection? Configuration { get; } = configuration;
}
