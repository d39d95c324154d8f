namespace IncomingCalls;

/// <summary>A notification of another type than <c>incomingCall</c>.</summary>
public sealed class OtherNotification
{
    /// <summary>The value of <c>typeWebhook</c>, as the gateway wrote it.</summary>
    public required string Type { get; init; }

    /// <summary>The number of the instance; null when the notification contains none.</summary>
    public long? IdInstance { get; init; }

    /// <summary>The message id; null for types that have none, such as <c>quotaExceeded</c>.</summary>
    public string? IdMessage { get; init; }

    /// <summary>The time of the notification, in UTC; null for types that have no time.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The time of receipt, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The bare notification as UTF-8 JSON. The memory is valid until the handler returns; copy what you need after that.</summary>
    public required ReadOnlyMemory<byte> Utf8Json { get; init; }
}
