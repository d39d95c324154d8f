namespace IncomingCalls;

/// <summary>A notification and what its transport knows about it.</summary>
public sealed class IntakeRequest
{
    /// <summary>The JSON document, bare or in the polled form.</summary>
    public required ReadOnlyMemory<byte> Utf8Json { get; init; }

    /// <summary>The instances that the token or the route belongs to; the notification must name one of them. Null when any may come.</summary>
    public IReadOnlyCollection<long>? ExpectedIdInstances { get; init; }

    /// <summary>Whether <see cref="Utf8Json"/> is only the beginning of a document that was too long: it goes to quarantine unread.</summary>
    public bool IsTruncated { get; init; }
}
