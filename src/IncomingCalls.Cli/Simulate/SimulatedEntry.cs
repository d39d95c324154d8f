using IncomingCalls.Testing;

namespace IncomingCalls.Cli;

/// <summary>A notification that waits, and how much of its fate was told.</summary>
internal sealed class SimulatedEntry(SimulatedInstance instance, SimulatedNotification notification)
{
    private int _told;

    public SimulatedInstance Instance { get; } = instance;

    public SimulatedNotification Notification { get; } = notification;

    public bool IsTaken => Notification.AcknowledgedAt is not null;

    /// <summary>Tells every time that the webhook did not take it.</summary>
    public void TellRefusals(Action<SimulateLine> tell)
    {
        var deliveries = Notification.Deliveries;
        for (; _told < deliveries.Count; _told++)
        {
            if (deliveries[_told] is { Channel: DeliveryChannel.Webhook, StatusCode: not 200 } refused)
            {
                tell(SimulateLine.OfRefusal(Instance, Notification, refused));
            }
        }
    }
}
