using IncomingCalls.Health;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that register the health check of IncomingCalls.</summary>
public static class IncomingCallsHealthChecksBuilderExtensions
{
    private const string Name = "incoming-calls";

    /// <summary>
    /// Adds the health check <c>incoming-calls</c>, tagged <c>ready</c>. It is Unhealthy when calls cannot be stored, and Degraded when an instance
    /// does not deliver notifications. Its data contain the time of the last notification of each instance, and the size and age of the backlog.
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
