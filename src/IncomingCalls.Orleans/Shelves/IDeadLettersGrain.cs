
namespace IncomingCalls;

/// <summary>The dead letters of the cluster.</summary>
[Alias("IncomingCalls.IDeadLettersGrain")]
internal interface IDeadLettersGrain : IStoredItemsGrain
{
    /// <summary>Keeps a dead letter. Another one of the same event and handler takes its place.</summary>
    [Alias("Put")]
    Task PutAsync(JsonPayload letter);
}
