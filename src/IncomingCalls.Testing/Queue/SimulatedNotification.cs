using IncomingCalls.Testing.Queue;

namespace IncomingCalls.Testing;

/// <summary>A notification in the history of an instance: what was sent, how often, and whether it was acknowledged.</summary>
public sealed class SimulatedNotification
{
    private readonly Lock _gate = new();
    private readonly List<SimulatedDelivery> _deliveries = [];

    internal SimulatedNotification(ReadOnlyMemory<byte> body, DateTimeOffset enqueuedAt)
    {
        Body = body;
        EnqueuedAt = enqueuedAt;
        (TypeWebhook, IdMessage) = NotificationHeaderReader.Read(body.Span);
    }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Its type; null for a body that has none.</summary>
    public string? TypeWebhook { get; }

    /// <summary>Its message or call id; null for a body that has none.</summary>
    public string? IdMessage { get; }

    /// <summary>When it was put into the queue.</summary>
    public DateTimeOffset EnqueuedAt { get; }

    /// <summary>When it was deleted, or answered 200; null until then.</summary>
    public DateTimeOffset? AcknowledgedAt { get; internal set; }

    /// <summary>Whether it was dropped because nobody took it for 24 hours.</summary>
    public bool IsExpired { get; internal set; }

    /// <summary>Whether it was dropped by clearWebhooksQueue, or with its instance.</summary>
    public bool IsCleared { get; internal set; }

    /// <summary>The receipt id of polling; 0 until it is first handed out to a poll.</summary>
    public long ReceiptId { get; internal set; }

    /// <summary>Every time it was handed out.</summary>
    public IReadOnlyList<SimulatedDelivery> Deliveries
    {
        get
        {
            lock (_gate)
            {
                return [.. _deliveries];
            }
        }
    }

    internal void AddDelivery(SimulatedDelivery delivery)
    {
        lock (_gate)
        {
            _deliveries.Add(delivery);
        }
    }
}

/// <summary>One time that a notification was handed out.</summary>
public sealed class SimulatedDelivery
{
    /// <summary>When, by the simulator's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How.</summary>
    public required DeliveryChannel Channel { get; init; }

    /// <summary>What the webhook answered; null for a poll, and where no answer came.</summary>
    public int? StatusCode { get; init; }
}

/// <summary>How a notification was handed out.</summary>
public enum DeliveryChannel
{
    /// <summary>By receiveNotification.</summary>
    Poll = 0,

    /// <summary>By a request to the webhook URL.</summary>
    Webhook,
}
