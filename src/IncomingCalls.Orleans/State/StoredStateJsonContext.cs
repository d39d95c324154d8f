using System.Text.Json.Serialization;

namespace IncomingCalls.Orleans.State;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WakeUpBucketState))]
[JsonSerializable(typeof(RetentionPage))]
[JsonSerializable(typeof(StoredItemIndex))]
[JsonSerializable(typeof(QuarantineDocument))]
[JsonSerializable(typeof(HandlerValuesState))]
[JsonSerializable(typeof(DestinationsState))]
[JsonSerializable(typeof(CallbackIndexState))]
[JsonSerializable(typeof(ErasuresState))]
internal sealed partial class StoredStateJsonContext : JsonSerializerContext;
