namespace IncomingCalls.CrashTests.Checking;

/// <summary>Everything that can be seen from outside of a run.</summary>
public sealed class CrashHistory
{
    public required IReadOnlyList<SentNotification> Sent { get; init; }

    /// <summary>The effects, in the order in which they reached the disk.</summary>
    public required IReadOnlyList<Effect> Effects { get; init; }

    /// <summary>When each life was killed, in Unix milliseconds; the last one was not.</summary>
    public required IReadOnlyDictionary<int, long> KilledAt { get; init; }

    public required IReadOnlyList<string> Handlers { get; init; }
}
