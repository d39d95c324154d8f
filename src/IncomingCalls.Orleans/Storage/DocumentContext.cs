using System.Text.Json.Serialization;

namespace IncomingCalls;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallRecord))]
[JsonSerializable(typeof(DueCalls))]
[JsonSerializable(typeof(ForgettingPage))]
[JsonSerializable(typeof(ShelfIndex))]
[JsonSerializable(typeof(QuarantineDocument))]
internal sealed partial class DocumentContext : JsonSerializerContext;
