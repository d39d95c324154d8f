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
    /// <exception cref="InvalidOperationException">A later version of the package wrote the document.</exception>
    public static byte[]? Unwrap(StoredState? stored) => stored is not { Version: > StoredState.CurrentVersion }
        ? stored?.Document
        : throw new InvalidOperationException(
            $"The storage contains a state of version {stored.Version}, but this version of IncomingCalls.Orleans reads versions up to {StoredState.CurrentVersion}. Update IncomingCalls.Orleans on this silo.");
}
