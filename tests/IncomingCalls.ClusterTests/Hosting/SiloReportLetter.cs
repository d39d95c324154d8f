namespace IncomingCalls.ClusterTests;

/// <summary>A dead letter.</summary>
internal sealed record SiloReportLetter(string EventId, string Handler);
