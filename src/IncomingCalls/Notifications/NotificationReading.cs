namespace IncomingCalls;

/// <summary>The result of <see cref="NotificationReader.Read"/>.</summary>
public readonly record struct NotificationReading
{
    /// <summary>What the bytes are.</summary>
    public required NotificationKind Kind { get; init; }

    /// <summary>The call notification; null for every other <see cref="Kind"/>.</summary>
    public IncomingCallNotification? Call { get; init; }

    /// <summary>The <c>typeWebhook</c>; null when there is none.</summary>
    public string? Type { get; init; }

    /// <summary>The instance that the notification names; null when it names none.</summary>
    public long? IdInstance { get; init; }

    /// <summary>The <c>idMessage</c> of a foreign notification; null when it has none.</summary>
    public string? IdMessage { get; init; }

    /// <summary>The time of a foreign notification in UTC; null when it has none.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The receipt id of the polled form <c>{"receiptId":…,"body":{…}}</c>; null in the bare form.</summary>
    public long? ReceiptId { get; init; }

    /// <summary>Where the notification itself stands in the bytes that were read: all of them, or the value of <c>body</c>.</summary>
    public Range Body { get; init; }

    /// <summary>Why the bytes could not be read, in words for a person; null when they could.</summary>
    public string? Reason { get; init; }
}
