namespace IncomingCalls.ClusterTests;

/// <summary>A request for the queue of an instance, as the gateway saw it.</summary>
internal sealed record PollRequest
{
    /// <summary>Where the gateway listens.</summary>
    public required int Port { get; init; }

    public required long IdInstance { get; init; }

    /// <summary>The silo that asked.</summary>
    public required int Process { get; init; }

    /// <summary>Whether it was to delete; else to receive.</summary>
    public required bool IsDeletion { get; init; }

    /// <summary>When it came: a timestamp of the machine.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>When it was answered, or broken off.</summary>
    public required long AnsweredAt { get; init; }
}
