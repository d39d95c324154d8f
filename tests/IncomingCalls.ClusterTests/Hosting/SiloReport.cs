using System.Text.Json.Serialization;

namespace IncomingCalls.ClusterTests;

/// <summary>The report of a silo on the inbox of the cluster.</summary>
internal sealed record SiloReport
{
    /// <summary>The number of pending deliveries.</summary>
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
