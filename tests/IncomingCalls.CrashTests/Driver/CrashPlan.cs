namespace IncomingCalls.CrashTests.Driver;

public sealed class CrashPlan
{
    public required int Kills { get; init; }

    public required int Seed { get; init; }

    /// <summary>How many hosts, each with its own gateway and file, are killed side by side.</summary>
    public int Worlds { get; init; } = 2;
}
