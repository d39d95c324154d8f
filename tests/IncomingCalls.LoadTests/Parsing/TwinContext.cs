using System.Text.Json.Serialization;

namespace IncomingCalls.LoadTests;

[JsonSerializable(typeof(TwinNotification))]
internal sealed partial class TwinContext : JsonSerializerContext;
