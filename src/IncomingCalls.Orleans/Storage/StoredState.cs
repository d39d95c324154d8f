namespace IncomingCalls;

/// <summary>
/// The envelope that is passed to the storage provider: a version and a document of this package. The document does not depend on the
/// serializer of the provider, nor on later changes of that serializer. The full name of this type is stored by the JSON serializer of Orleans
/// grain storage, so neither the type nor its namespace can be renamed.
/// </summary>
[GenerateSerializer]
[Alias("IncomingCalls.StoredState")]
internal sealed class StoredState
{
    /// <summary>The version of the documents that this package reads and writes. Version 1 was a format of its own, see ADR 0017.</summary>
    public const int CurrentVersion = 2;

    [Id(0)]
    public int Version { get; set; }

    [Id(1)]
    public byte[]? Document { get; set; }
}
