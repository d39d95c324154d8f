namespace IncomingCalls;

/// <summary>A notification that is not about incoming calls.</summary>
public sealed class OtherNotification
{
    /// <summary>The <c>typeWebhook</c>, as the gateway wrote it.</summary>
    public required string Type { get; init; }

    /// <summary>The instance; null when the notification names none.</summary>
    public long? IdInstance { get; init; }

    /// <summary>The message id; null for types that have none, such as <c>quotaExceeded</c>.</summary>
    public string? IdMessage { get; init; }

    /// <summary>When it happened, in UTC; null for types that have no time.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>When it was received, in UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The bare notification. Valid until the handler returns; copy what you keep.</summary>
    public required ReadOnlyMemory<byte> Utf8Json { get; init; }
}
