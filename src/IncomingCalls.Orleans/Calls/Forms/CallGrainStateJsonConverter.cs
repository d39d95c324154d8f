using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>Writes a record in its short form, and reads it.</summary>
internal sealed class CallGrainStateJsonConverter : JsonConverter<CallGrainState>
{
    public override CallGrainState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, CallGrainStateJsonContext.Default.CallGrainStateDto)!.ToState();

    public override void Write(Utf8JsonWriter writer, CallGrainState value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, CallGrainStateDto.FromState(value), CallGrainStateJsonContext.Default.CallGrainStateDto);
}
