using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.GrainInterfaces;

/// <summary>The grain with the values of one handler for one call, one person or one named key. The key is <see cref="HandlerValueLocation.ToGrainKey"/>.</summary>
[Alias("IncomingCalls.IHandlerValuesGrain")]
internal interface IHandlerValuesGrain : IGrainWithStringKey
{
    /// <summary>Gets a value; null when there is none that has not expired.</summary>
    [Alias("Get")]
    Task<string?> GetAsync(string name);

    /// <summary>Saves a value.</summary>
    [Alias("Save")]
    Task SaveAsync(HandlerValueLocation location, string name, string value, DateTimeOffset? expiresAt);

    /// <summary>Reserves a key; returns false when it has a value or a reservation that has not expired.</summary>
    [Alias("Reserve")]
    Task<bool> TryReserveAsync(HandlerValueLocation location, string name, DateTimeOffset until);

    /// <summary>Makes the values valid again that had not expired at a time.</summary>
    [Alias("Renew")]
    Task RenewAsync(DateTimeOffset notExpiredAt);

    /// <summary>Deletes the values; returns how many there were.</summary>
    [Alias("Erase")]
    Task<int> EraseAsync();
}
