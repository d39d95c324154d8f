using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.GrainInterfaces;

/// <summary>The grain of a person with its callback. The key is <see cref="PersonHash.GrainKey"/>.</summary>
[Alias("IncomingCalls.IPersonGrain")]
internal interface IPersonGrain : IGrainWithStringKey
{
    /// <summary>Applies what a call means for the person, which is stored with all that follows from it when the task completes.</summary>
    [Alias("Apply")]
    Task ApplyAsync(JsonPayload contact);

    /// <summary>Closes the callback on behalf of the host; returns whether one was open.</summary>
    [Alias("Close")]
    Task<bool> CloseAsync(JsonPayload person, string? by, DateTimeOffset at, string? how);

    /// <summary>Gets the open callback; null when none is open.</summary>
    /// <param name="isCurrent">Whether to read the storage, in case that another activation has written it.</param>
    [Alias("Find")]
    Task<JsonPayload?> FindOpenAsync(bool isCurrent);

    /// <summary>Gets the keys of the calls that have ended, as far as they are stored.</summary>
    [Alias("ListCalls")]
    Task<string[]> ListCallsAsync();

    /// <summary>Lists a call without an outcome.</summary>
    /// <param name="call">The key of the call.</param>
    /// <param name="at">When it was last changed, in UTC.</param>
    [Alias("AddCall")]
    Task AddCallAsync(string call, DateTimeOffset at);

    /// <summary>Removes a call that was deleted.</summary>
    [Alias("ForgetCall")]
    Task RemoveCallAsync(string call);

    /// <summary>Erases the person; returns whether anything was stored.</summary>
    /// <param name="report">The <see cref="ErasureReport"/>.</param>
    /// <param name="calls">The keys of the erased calls.</param>
    [Alias("Erase")]
    Task<bool> EraseAsync(JsonPayload report, string[] calls);
}

/// <summary>The grain of a part of the index of open callbacks. The key is the <see cref="PersonHash.IndexPart"/>.</summary>
[Alias("IncomingCalls.ICallbackIndexGrain")]
internal interface ICallbackIndexGrain : IGrainWithIntegerKey
{
    /// <summary>Adds the callback of a person, or changes its entry.</summary>
    [Alias("Set")]
    Task SetAsync(string person, CallbackIndexEntry entry);

    /// <summary>Removes the callback of a person.</summary>
    [Alias("Remove")]
    Task RemoveAsync(string person);

    /// <summary>Gets the callbacks.</summary>
    [Alias("List")]
    Task<Dictionary<string, CallbackIndexEntry>> ListAsync();
}
