using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Inbox;

/// <summary>A part of IncomingCalls whose health is reported, for example an inbox or the pollers.</summary>
[Experimental("ICEXP001")]
public interface ICallHealthSource
{
    /// <summary>The name of the part in the health report.</summary>
    string Name { get; }

    /// <summary>Checks the health of the part.</summary>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>
    /// A task whose result is Unhealthy when calls cannot be stored, and Degraded when only some instances are affected, for example one that
    /// is logged out.
    /// </returns>
    ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken);
}
