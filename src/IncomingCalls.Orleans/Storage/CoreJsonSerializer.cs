using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IncomingCalls;

/// <summary>The models of the core in the core's own JSON.</summary>
internal static class CoreJsonSerializer<T>
{
    private static readonly JsonTypeInfo<T> ModelTypeInfo = (JsonTypeInfo<T>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(T));

    public static byte[] Serialize(T value) => JsonSerializer.SerializeToUtf8Bytes(value, ModelTypeInfo);

    public static void Serialize(Utf8JsonWriter writer, T value) => JsonSerializer.Serialize(writer, value, ModelTypeInfo);

    public static T Deserialize(byte[] utf8Json) => JsonSerializer.Deserialize(utf8Json, ModelTypeInfo)!;

    public static T Deserialize(ref Utf8JsonReader reader) => JsonSerializer.Deserialize(ref reader, ModelTypeInfo)!;
}
