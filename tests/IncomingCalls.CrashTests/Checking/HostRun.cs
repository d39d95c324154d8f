namespace IncomingCalls.CrashTests;

/// <summary>One process that worked on the inbox file.</summary>
internal sealed record HostRun
{
    /// <summary>From 1, without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>What ended it, for people.</summary>
    public required string EndReason { get; init; }

    /// <summary>Whether SIGKILL ended it.</summary>
    public required bool IsKilled { get; init; }

    /// <summary>What the inbox file owed when the process was gone: what is not in it is marked, and must not run again.</summary>
    public required IReadOnlySet<PendingDelivery> PendingDeliveries { get; init; }
}
