using System.Text.Json.Serialization;

namespace IncomingCalls.ClusterTests;

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SiloReport))]
internal sealed partial class SiloReportContext : JsonSerializerContext;
