using IncomingCalls.Testing.Queue;

namespace IncomingCalls.Testing;

/// <summary>A notification in the history of an instance, with its deliveries and its acknowledgement. Safe to use from any thread.</summary>
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

    /// <summary>The bytes of the body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The <c>typeWebhook</c> of the body; null when it has none.</summary>
    public string? TypeWebhook { get; }

    /// <summary>The <c>idMessage</c> of the body, which is the id of the message or call; null when it has none.</summary>
    public string? IdMessage { get; }

    /// <summary>When the notification was enqueued.</summary>
    public DateTimeOffset EnqueuedAt { get; }

    /// <summary>When the notification was acknowledged, which is deleted by polling or answered with 200 by the webhook; null until then.</summary>
    public DateTimeOffset? AcknowledgedAt { get; internal set; }

    /// <summary>Whether the notification was dropped because it was not acknowledged within <see cref="GreenApiSimulatorOptions.Retention"/>.</summary>
    public bool IsExpired { get; internal set; }

    /// <summary>Whether the notification was dropped by clearWebhooksQueue or by the removal of its instance.</summary>
    public bool IsCleared { get; internal set; }

    /// <summary>The receipt id of polling; 0 until the first delivery to a poll.</summary>
    public long ReceiptId { get; internal set; }

    /// <summary>All deliveries, oldest first.</summary>
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

/// <summary>One delivery of a notification to a poll or to the webhook.</summary>
public sealed class SimulatedDelivery
{
    /// <summary>When the delivery started, by the clock of the simulator.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The channel of the delivery.</summary>
    public required DeliveryChannel Channel { get; init; }

    /// <summary>The HTTP status code of the webhook; null for a poll, and for a request without a response.</summary>
    public int? StatusCode { get; init; }
}

/// <summary>The channel of a delivery.</summary>
public enum DeliveryChannel
{
    /// <summary>An answer to receiveNotification.</summary>
    Poll = 0,

    /// <summary>A request to the webhook URL.</summary>
    Webhook,
}
