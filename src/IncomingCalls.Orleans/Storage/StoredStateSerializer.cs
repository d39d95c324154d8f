using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IncomingCalls.Orleans.Storage;

/// <summary>A state in memory and in the storage.</summary>
internal static class StoredStateSerializer
{
    public static StoredState Serialize<T>(T value, JsonTypeInfo<T> form) => Wrap(JsonSerializer.SerializeToUtf8Bytes(value, form));

    public static StoredState Wrap(byte[] document) => new() { Version = StoredState.CurrentVersion, Document = document };

    public static T? Deserialize<T>(StoredState? stored, JsonTypeInfo<T> form)
        where T : class => Unwrap(stored) is { } document ? JsonSerializer.Deserialize(document, form) : null;

    /// <summary>The document; null where none was ever written.</summary>
    /// <exception cref="InvalidOperationException">A later version of the package wrote it.</exception>
    public static byte[]? Unwrap(StoredState? stored) => stored is not { Version: > StoredState.CurrentVersion }
        ? stored?.Document
        : throw new InvalidOperationException(
            $"The storage holds a state of version {stored.Version}, and this version of IncomingCalls.Orleans reads up to {StoredState.CurrentVersion}. Update this silo.");
}
