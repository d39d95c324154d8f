using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncomingCalls.Testing.Tests.Hosting;

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class JsonContext : JsonSerializerContext;
