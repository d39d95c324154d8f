using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IncomingCalls.Orleans.Serialization;

/// <summary>A model of the core in a message between nodes, as the JSON of the core, so that nodes of two versions are compatible.</summary>
/// <remarks>
/// The type is not generic, because Orleans serializes only types it knows, and the core does not reference Orleans. Within one node the model
/// itself is passed, and no JSON is created.
/// </remarks>
[GenerateSerializer]
[Immutable]
[Alias("IncomingCalls.WireForm")]
internal sealed class JsonPayload
{
    [NonSerialized]
    private object? _model;

    [NonSerialized]
    private Func<byte[]>? _serialize;

    [NonSerialized]
    private byte[]? _utf8Json;

    [Id(0)]
    public byte[] Utf8Json
    {
        get => _utf8Json ??= _serialize!();
        set => _utf8Json = value;
    }

    public static JsonPayload FromModel<T>(T model)
        where T : class => new() { _model = model, _serialize = () => CoreJsonSerializer<T>.Serialize(model) };

    public T ToModel<T>()
        where T : class => _model as T ?? CoreJsonSerializer<T>.Deserialize(Utf8Json);
}

/// <summary>Serializes models of the core as the JSON of the core.</summary>
internal static class CoreJsonSerializer<T>
{
    private static readonly JsonTypeInfo<T> ModelTypeInfo = (JsonTypeInfo<T>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(T));

    public static byte[] Serialize(T value) => JsonSerializer.SerializeToUtf8Bytes(value, ModelTypeInfo);

    public static T Deserialize(byte[] utf8Json) => JsonSerializer.Deserialize(utf8Json, ModelTypeInfo)!;
}
