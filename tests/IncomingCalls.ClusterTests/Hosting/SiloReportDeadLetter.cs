namespace IncomingCalls.ClusterTests;

/// <summary>A dead letter.</summary>
internal sealed record SiloReportDeadLetter(string EventId, string Handler);
