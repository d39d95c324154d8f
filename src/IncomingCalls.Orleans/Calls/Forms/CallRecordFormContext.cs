using System.Text.Json.Serialization;

namespace IncomingCalls;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(CallRecordForm))]
internal sealed partial class CallRecordFormContext : JsonSerializerContext;
