namespace IncomingCalls.CrashTests;

/// <summary>The figures of a round.</summary>
internal sealed record CrashRoundReport
{
    public required int Number { get; init; }

    /// <summary>What each life was killed by.</summary>
    public required IReadOnlyList<string> Kills { get; init; }

    public required int Notifications { get; init; }

    public required int Deliveries { get; init; }

    public required int Attempts { get; init; }

    /// <summary>How many attempts were made again because a kill fell between their end and the mark.</summary>
    public required int RepeatedAttempts { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Where the files are; kept when something was found.</summary>
    public required string Folder { get; init; }
}
