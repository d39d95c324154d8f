using System.Text.Json.Serialization;

namespace IncomingCalls;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(FactsDto))]
internal sealed partial class StoredFactsJsonContext : JsonSerializerContext;
