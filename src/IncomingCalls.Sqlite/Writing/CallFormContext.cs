using System.Text.Json.Serialization;

namespace IncomingCalls;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(FactsForm))]
internal sealed partial class CallFormContext : JsonSerializerContext;
