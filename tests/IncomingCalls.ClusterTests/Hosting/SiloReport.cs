using System.Text.Json.Serialization;

namespace IncomingCalls.ClusterTests;

/// <summary>What a silo says of the inbox of the cluster.</summary>
internal sealed record SiloReport
{
    /// <summary>How many pairs of event and handler are owed.</summary>
    public required long Depth { get; init; }

    /// <summary>The dead letters: event and handler.</summary>
    public required IReadOnlyList<SiloReportDeadLetter> DeadLetters { get; init; }

    /// <summary>The SHA-256 of each item in quarantine.</summary>
    public required IReadOnlyList<string> Quarantined { get; init; }
}

/// <summary>A dead letter.</summary>
internal sealed record SiloReportDeadLetter(string EventId, string Handler);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SiloReport))]
internal sealed partial class SiloReportContext : JsonSerializerContext;
