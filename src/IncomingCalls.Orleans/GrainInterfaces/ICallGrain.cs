using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;

namespace IncomingCalls.Orleans.GrainInterfaces;

/// <summary>A call. Its key is <see cref="CallKey.ToString"/>.</summary>
[Alias("IncomingCalls.ICallGrain")]
internal interface ICallGrain : IGrainWithStringKey
{
    /// <summary>Keeps a notification: when it returns, the notification is in the storage and may be acknowledged.</summary>
    [Alias("Accept")]
    Task<AcceptOutcome> AcceptAsync(JsonPayload received);

    /// <summary>Owes a dead letter to its handler again.</summary>
    [Alias("Replay")]
    Task ReplayAsync(JsonPayload letter);

    /// <summary>The call is due: it goes on with whatever there is to do.</summary>
    /// <returns>What there is still to do; null when this entry of the bucket is over.</returns>
    [Alias("Wake")]
    Task<WakeUpEntry?> WakeUpAsync(int bucket, long ticket);

    /// <summary>Forgets a call that is finished and untouched since a time.</summary>
    /// <returns>Whether it is forgotten; false when it lives on.</returns>
    [Alias("Forget")]
    Task<bool> TryDeleteAsync(DateTimeOffset untouchedSince);
}

/// <summary>What became of a notification, on the wire.</summary>
[GenerateSerializer]
[Alias("IncomingCalls.AcceptedAs")]
internal enum AcceptOutcome
{
    Stored = 0,
    Tracked,
    Duplicate,
}
