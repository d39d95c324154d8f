using System.Text.Json.Serialization;

namespace IncomingCalls.LoadTests;

[JsonSerializable(typeof(BaselineNotification))]
[JsonSerializable(typeof(BaselineReceipt))]
internal sealed partial class BaselineJsonContext : JsonSerializerContext;
