using IncomingCalls.Testing;

namespace IncomingCalls.Cli;

/// <summary>A notification that waits, and how much of its fate was told.</summary>
internal sealed class TrackedNotification(SimulatedInstance instance, SimulatedNotification notification)
{
    private int _reportedDeliveries;

    public SimulatedInstance Instance { get; } = instance;

    public SimulatedNotification Notification { get; } = notification;

    public bool IsAcknowledged => Notification.AcknowledgedAt is not null;

    /// <summary>Tells every time that the webhook did not take it.</summary>
    public void ReportRefusals(Action<SimulateLine> tell)
    {
        var deliveries = Notification.Deliveries;
        for (; _reportedDeliveries < deliveries.Count; _reportedDeliveries++)
        {
            if (deliveries[_reportedDeliveries] is { Channel: DeliveryChannel.Webhook, StatusCode: not 200 } refused)
            {
                tell(SimulateLine.CreateRefused(Instance, Notification, refused));
            }
        }
    }
}
