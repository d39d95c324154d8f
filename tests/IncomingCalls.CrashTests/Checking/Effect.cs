using System.Globalization;

namespace IncomingCalls.CrashTests.Checking;

/// <summary>One thing that a handler did.</summary>
public sealed record Effect
{
    /// <summary>The host that did it, from 1.</summary>
    public required int Life { get; init; }

    /// <summary>When, in Unix milliseconds.</summary>
    public required long At { get; init; }

    public required string Handler { get; init; }

    public required string EventId { get; init; }

    public required CallEventKind Kind { get; init; }

    public required string Call { get; init; }

    /// <summary>The outcome of the call as the handler saw it.</summary>
    public required CallOutcome Outcome { get; init; }

    /// <summary>The version of the call as the handler saw it.</summary>
    public required int Version { get; init; }

    public static Effect Parse(string line)
    {
        var parts = line.Split('\t');
        return new()
        {
            Life = int.Parse(parts[0], CultureInfo.InvariantCulture),
            At = long.Parse(parts[1], CultureInfo.InvariantCulture),
            Handler = parts[2],
            EventId = parts[3],
            Kind = Enum.Parse<CallEventKind>(parts[4]),
            Call = parts[5],
            Outcome = Enum.Parse<CallOutcome>(parts[6]),
            Version = int.Parse(parts[7], CultureInfo.InvariantCulture),
        };
    }

    public override string ToString() => string.Join('\t', Life, At, Handler, EventId, Kind, Call, Outcome, Version);
}
