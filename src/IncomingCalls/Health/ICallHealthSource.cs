using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncomingCalls.Inbox;

/// <summary>A part of IncomingCalls that can be well or unwell: an inbox, the pollers.</summary>
[Experimental("ICEXP001")]
public interface ICallHealthSource
{
    /// <summary>What the part is called in the report.</summary>
    string Name { get; }

    /// <summary>Looks at the part. Unhealthy means that calls cannot be kept; an instance that is logged out is only Degraded.</summary>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>How it is.</returns>
    ValueTask<HealthCheckResult> CheckAsync(CancellationToken cancellationToken);
}
