using System.Diagnostics;

namespace IncomingCalls.ClusterTests;

/// <summary>A time in which a fault could interrupt attempts.</summary>
internal sealed record Interruption
{
    /// <summary>The server does not notice the loss of a link earlier, and messages that were lost in a shorter time are sent again.</summary>
    private static readonly TimeSpan MinCutOff = TimeSpan.FromSeconds(5);

    /// <summary>The server ends the sessions of a process that is silent for 20 seconds, and the timeout of an attempt may pass before.</summary>
    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(8);

    public required InterruptionKind Kind { get; init; }

    /// <summary>The interrupted process; null for all.</summary>
    public int? Process { get; init; }

    /// <summary>When the interruption began: a timestamp of the machine.</summary>
    public required long From { get; init; }

    /// <summary>When the interruption ended: a timestamp of the machine.</summary>
    public required long To { get; init; }

    /// <summary>Whether the interruption is long enough to end an attempt.</summary>
    public bool EndsAttempts => Kind switch
    {
        InterruptionKind.CutOff => Duration >= MinCutOff,
        InterruptionKind.Pause => Duration >= MinPause,
        _ => true,
    };

    private TimeSpan Duration => Stopwatch.GetElapsedTime(From, To);
}

/// <summary>What interrupts attempts.</summary>
internal enum InterruptionKind
{
    /// <summary>The process ended without a chance to finish its attempts.</summary>
    ProcessEnd = 0,

    /// <summary>The process was paused.</summary>
    Pause,

    /// <summary>The link of the node was down.</summary>
    CutOff,

    /// <summary>The server ended sessions of the process.</summary>
    SessionEnd,

    /// <summary>The server was restarted. It then has no record of the attempts that had started.</summary>
    DatabaseRestart,
}
