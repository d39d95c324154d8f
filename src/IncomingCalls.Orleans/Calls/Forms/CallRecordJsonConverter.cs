using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>Writes a record in its short form, and reads that and what version 1 wrote.</summary>
internal sealed class CallRecordJsonConverter : JsonConverter<CallRecord>
{
    public override CallRecord Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => IsVersion1(reader)
        ? CallRecordVersion1.Read(ref reader)
        : JsonSerializer.Deserialize(ref reader, CallRecordFormContext.Default.CallRecordForm)!.ToRecord();

    public override void Write(Utf8JsonWriter writer, CallRecord value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, CallRecordForm.Of(value), CallRecordFormContext.Default.CallRecordForm);

    /// <summary>Version 1 has names of several letters, and at least one of them; the short form has none.</summary>
    private static bool IsVersion1(Utf8JsonReader ahead) =>
        ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName && ahead.ValueSpan.Length > 1;
}
