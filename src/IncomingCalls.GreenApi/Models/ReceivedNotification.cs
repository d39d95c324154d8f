namespace IncomingCalls;

/// <summary>The notification at the head of an instance's queue. It remains there until it is deleted.</summary>
public sealed class ReceivedNotification
{
    /// <summary>The number that identifies the notification when it is deleted; null when the response contains no readable number.</summary>
    public long? ReceiptId { get; init; }

    /// <summary>The whole response in its polled form, which <see cref="ICallIntake"/> accepts.</summary>
    public required ReadOnlyMemory<byte> Utf8Json { get; init; }

    /// <summary>Whether <see cref="Utf8Json"/> is only the first 16 MiB of a longer response.</summary>
    public bool IsTruncated { get; init; }
}
