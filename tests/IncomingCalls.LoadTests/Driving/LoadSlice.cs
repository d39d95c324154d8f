namespace IncomingCalls.LoadTests;

/// <summary>What a server did in a slice of time.</summary>
internal sealed class LoadSlice
{
    public required long Count { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>The processor time of the server.</summary>
    public required TimeSpan ProcessorTime { get; init; }

    public double PerSecond => Count / Elapsed.TotalSeconds;

    public double MicrosecondsPerItem => ProcessorTime.TotalMicroseconds / Count;
}
