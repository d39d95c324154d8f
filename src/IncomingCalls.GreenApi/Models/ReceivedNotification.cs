namespace IncomingCalls;

/// <summary>The head of an instance's queue; it stays there until it is deleted.</summary>
public sealed class ReceivedNotification
{
    /// <summary>The number to delete it by; null when the answer has none that can be read.</summary>
    public long? ReceiptId { get; init; }

    /// <summary>The whole answer in its polled form, as <see cref="ICallIntake"/> takes it.</summary>
    public required ReadOnlyMemory<byte> Utf8Json { get; init; }

    /// <summary>Whether <see cref="Utf8Json"/> is only the first MiB of a longer answer.</summary>
    public bool IsTruncated { get; init; }
}
