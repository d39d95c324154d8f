using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IncomingCalls;

/// <summary>The models of the core in the core's own JSON.</summary>
internal static class CoreForm<T>
{
    private static readonly JsonTypeInfo<T> Form = (JsonTypeInfo<T>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(T));

    public static byte[] Write(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Form);

    public static void Write(Utf8JsonWriter writer, T value) => JsonSerializer.Serialize(writer, value, Form);

    public static T Read(byte[] utf8Json) => JsonSerializer.Deserialize(utf8Json, Form)!;

    public static T Read(ref Utf8JsonReader reader) => JsonSerializer.Deserialize(ref reader, Form)!;
}
