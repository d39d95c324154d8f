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
    /// <summary>The version of the documents that this package writes. It reads this version and all earlier ones.</summary>
    public const int CurrentVersion = 1;

    [Id(0)]
    public int Version { get; set; }

    [Id(1)]
    public byte[]? Document { get; set; }
}
