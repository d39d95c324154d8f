using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.GrainInterfaces;

/// <summary>The grain of a call. The key is <see cref="CallKey.ToString"/>.</summary>
[Alias("IncomingCalls.ICallGrain")]
internal interface ICallGrain : IGrainWithStringKey
{
    /// <summary>Stores a notification, which may be acknowledged when the task completes.</summary>
    [Alias("Accept")]
    Task<AcceptOutcome> AcceptAsync(JsonPayload received);

    /// <summary>Makes a dead letter a pending delivery again.</summary>
    [Alias("Replay")]
    Task ReplayAsync(JsonPayload letter);

    /// <summary>Stores the event of a closed callback, unless it was stored before.</summary>
    [Alias("CloseCallback")]
    Task CloseCallbackAsync(JsonPayload closed);

    /// <summary>Starts the due tasks of the call.</summary>
    /// <param name="bucket">The bucket that wakes the call.</param>
    /// <param name="generation">The generation of the entry in the bucket.</param>
    /// <returns>A task whose result is the current entry; null when the entry is obsolete.</returns>
    [Alias("Wake")]
    Task<WakeUpEntry?> WakeUpAsync(int bucket, long generation);

    /// <summary>Deletes a call that is finished and was not changed after a time.</summary>
    /// <returns>A task whose result is true when the call was deleted, and false when it is still in use.</returns>
    [Alias("Forget")]
    Task<bool> TryDeleteAsync(DateTimeOffset unchangedSince);

    /// <summary>Deletes the call if it is erased; returns null when it is not.</summary>
    /// <param name="report">The <see cref="ErasureReport"/>.</param>
    [Alias("Erase")]
    Task<ErasedCall?> EraseAsync(JsonPayload report);
}

/// <summary>The outcome of accepting a notification, in messages between nodes.</summary>
[GenerateSerializer]
[Alias("IncomingCalls.AcceptedAs")]
internal enum AcceptOutcome
{
    Stored = 0,
    Tracked,
    Duplicate,
    Discarded,
}
