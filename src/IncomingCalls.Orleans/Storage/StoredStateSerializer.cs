using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IncomingCalls.Orleans.Storage;

/// <summary>Converts states to and from <see cref="StoredState"/>.</summary>
internal static class StoredStateSerializer
{
    public static StoredState Serialize<T>(T value, JsonTypeInfo<T> typeInfo) => Wrap(JsonSerializer.SerializeToUtf8Bytes(value, typeInfo));

    public static StoredState Wrap(byte[] document) => new() { Version = StoredState.CurrentVersion, Document = document };

    public static T? Deserialize<T>(StoredState? stored, JsonTypeInfo<T> typeInfo)
        where T : class => Unwrap(stored) is { } document ? JsonSerializer.Deserialize(document, typeInfo) : null;

    /// <summary>Gets the document; null when none was written.</summary>
    /// <exception cref="InvalidOperationException">Another version of the package wrote the document. Its format is unknown, so it must not be overwritten.</exception>
    public static byte[]? Unwrap(StoredState? stored) => stored?.Document is not { } document ? null
        : stored.Version == StoredState.CurrentVersion ? document
        : throw new InvalidOperationException(DescribeMismatch(stored.Version));

    private static string DescribeMismatch(int version) => version > StoredState.CurrentVersion
        ? $"The storage contains a state of version {version}, but this version of IncomingCalls.Orleans reads version {StoredState.CurrentVersion}. Update IncomingCalls.Orleans on this silo."
        : $"The storage contains a state of version {version}, which this version of IncomingCalls.Orleans cannot read: nothing in the storage was changed; " +
            $"drain the inbox with version {version} of IncomingCalls first, and then give the cluster an empty storage.";
}
