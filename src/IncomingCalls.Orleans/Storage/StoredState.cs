
namespace IncomingCalls;

/// <summary>
/// What stands in the storage, whoever's it is: a version and a document of ours. The host's provider may serialize it as it
/// likes; the document does not depend on that, nor on the host changing its mind later.
/// </summary>
[GenerateSerializer]
[Alias("IncomingCalls.StoredState")]
internal sealed class StoredState
{
    /// <summary>The version of the documents that this package writes. It reads this one and all before it.</summary>
    public const int CurrentVersion = 1;

    [Id(0)]
    public int Version { get; set; }

    [Id(1)]
    public byte[]? Document { get; set; }
}
