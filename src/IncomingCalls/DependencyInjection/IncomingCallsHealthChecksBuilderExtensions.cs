using IncomingCalls.Health;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Health checks of IncomingCalls.</summary>
public static class IncomingCallsHealthChecksBuilderExtensions
{
    private const string Name = "incoming-calls";

    /// <summary>
    /// Adds the check <c>incoming-calls</c>: Unhealthy when calls cannot be kept, Degraded when some instance does not deliver. Its data tell
    /// when the instances were last heard of, and how much waits since when.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IHealthChecksBuilder AddIncomingCalls(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(descriptor => descriptor.ServiceType == typeof(IncomingCallsHealthCheck)))
        {
            return builder;
        }

        builder.Services.TryAddSingleton<IncomingCallsHealthCheck>();
        return builder.Add(new(Name, services => services.GetRequiredService<IncomingCallsHealthCheck>(), HealthStatus.Unhealthy, ["ready"]));
    }
}
