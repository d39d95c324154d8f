using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CallDesk.Status;

/// <summary>A health check.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">What it says.</param>
/// <param name="Description">Why, when it is not well.</param>
internal sealed record CheckStatus(string Name, HealthStatus Status, string? Description);
