using System.Text.Json.Serialization;

namespace IncomingCalls.LoadTests;

[JsonSerializable(typeof(TwinNotification))]
[JsonSerializable(typeof(TwinReceipt))]
internal sealed partial class TwinContext : JsonSerializerContext;
