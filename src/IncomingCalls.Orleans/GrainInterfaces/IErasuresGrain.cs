using IncomingCalls.Orleans.Serialization;

namespace IncomingCalls.Orleans.GrainInterfaces;

/// <summary>The grain that carries out erasures and stores their reports. The cluster has one; its key is 0.</summary>
[Alias("IncomingCalls.IErasuresGrain")]
internal interface IErasuresGrain : IGrainWithIntegerKey
{
    /// <summary>Erases, and returns the <see cref="ErasureReport"/>.</summary>
    /// <param name="report">The report without counts.</param>
    /// <param name="chatId">The chat with the person; null for an instance.</param>
    [Alias("Erase")]
    [ResponseTimeout("00:30:00")]
    Task<JsonPayload> EraseAsync(JsonPayload report, string? chatId);

    /// <summary>Gets the newest reports, newest first.</summary>
    [Alias("List")]
    Task<JsonPayload[]> ListAsync(int limit);
}

/// <summary>A call that was erased, in messages between nodes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.ErasedCall")]
internal sealed class ErasedCall
{
    /// <summary>The number of its pending deliveries.</summary>
    [Id(0)]
    public required int Deliveries { get; init; }

    /// <summary>The number of its dead letters that were not transferred yet.</summary>
    [Id(1)]
    public required int DeadLetters { get; init; }

    /// <summary>The <see cref="IncomingCalls.Person"/> of the call; null for none.</summary>
    [Id(2)]
    public JsonPayload? Person { get; init; }
}
