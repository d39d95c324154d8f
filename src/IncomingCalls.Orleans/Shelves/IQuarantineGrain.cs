
namespace IncomingCalls;

/// <summary>The quarantine of the cluster.</summary>
[Alias("IncomingCalls.IQuarantineGrain")]
internal interface IQuarantineGrain : IStoredItemsGrain
{
    /// <summary>Keeps a notification: when it returns, it is in the storage.</summary>
    [Alias("Put")]
    Task PutAsync(QuarantineDocument item, byte[] utf8Json);

    /// <summary>The bytes of a notification; null when it is not there.</summary>
    [Alias("Read")]
    Task<byte[]?> ReadAsync(long id);
}
