using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncomingCalls.Cli.Lines;

/// <summary>The JSON metadata of the output lines.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AdministrationLine))]
[JsonSerializable(typeof(CallLine))]
[JsonSerializable(typeof(DeadLetterLine))]
[JsonSerializable(typeof(DoctorLine))]
[JsonSerializable(typeof(ErasureLine))]
[JsonSerializable(typeof(InboxChangeLine))]
[JsonSerializable(typeof(InboxDrainedLine))]
[JsonSerializable(typeof(InboxResumeLine))]
[JsonSerializable(typeof(InboxSchemaLine))]
[JsonSerializable(typeof(InboxStatsLine))]
[JsonSerializable(typeof(PauseLine))]
[JsonSerializable(typeof(QuarantineLine))]
[JsonSerializable(typeof(SendLine))]
[JsonSerializable(typeof(SettingsLine))]
[JsonSerializable(typeof(TailLine))]
[JsonSerializable(typeof(SimulateLine))]
internal sealed partial class CliJsonContext : JsonSerializerContext
{
    /// <summary>Writes non-ASCII names unescaped, because the output is read in a shell and not embedded in HTML.</summary>
    public static CliJsonContext Readable =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
