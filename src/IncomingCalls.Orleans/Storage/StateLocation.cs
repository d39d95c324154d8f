using Orleans.Storage;

namespace IncomingCalls;

/// <summary>Where the states of a kind are kept. One for all calls of a silo.</summary>
/// <param name="Storage">The provider.</param>
/// <param name="Name">The name of the state, beside the grain's.</param>
/// <param name="Health">Told when the provider cannot be used.</param>
/// <param name="Metrics">Told how long a write took.</param>
internal sealed record StateLocation(IGrainStorage Storage, string Name, StoreHealth Health, OrleansInboxMetrics Metrics);
