namespace IncomingCalls.Testing;

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
