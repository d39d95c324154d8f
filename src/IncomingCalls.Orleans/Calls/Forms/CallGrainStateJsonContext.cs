using System.Text.Json.Serialization;

namespace IncomingCalls;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(CallGrainStateDto))]
internal sealed partial class CallGrainStateJsonContext : JsonSerializerContext;
