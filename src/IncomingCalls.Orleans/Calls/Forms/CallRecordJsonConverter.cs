using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>Writes a record in its short form, and reads it.</summary>
internal sealed class CallRecordJsonConverter : JsonConverter<CallRecord>
{
    public override CallRecord Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, CallRecordFormContext.Default.CallRecordForm)!.ToRecord();

    public override void Write(Utf8JsonWriter writer, CallRecord value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, CallRecordForm.Of(value), CallRecordFormContext.Default.CallRecordForm);
}
