using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;

namespace IncomingCalls.Orleans.Destinations;

/// <summary>Asks the <see cref="DestinationsGrain"/> before an attempt, and reports to it afterwards. Safe to use from any thread.</summary>
internal sealed class DestinationGate(CallTransitions transitions, IGrainFactory grains)
{
    private IDestinationsGrain Grain => grains.GetGrain<IDestinationsGrain>(0);

    /// <summary>Returns whether a pause or a rate limit can hold back a delivery. Alerts never wait.</summary>
    public bool MayHoldBack(Delivery delivery) => !delivery.IsNotifier && (delivery.Destination is not null || transitions.GetRateLimit(delivery.HandlerName) is not null);

    /// <summary>Asks whether an attempt may start.</summary>
    public Task<AttemptAdmission> AdmitAsync(DeliveryAttempt attempt)
    {
        var delivery = attempt.Delivery;
        return Grain.AdmitAsync(new()
        {
            Call = attempt.PendingEvent.Event.Call.ToString(),
            Handler = delivery.HandlerName,
            Destination = delivery.Destination,
            Partition = delivery.RatePartition ?? delivery.Destination ?? "",
            HasWaitedForPermit = delivery.WaitsFor == DeliveryWait.Permit,
        });
    }

    /// <summary>Stores the pause after an attempt. The grain is called only when the pause changes.</summary>
    /// <param name="report">The result of the attempt.</param>
    /// <param name="known">The pause when the attempt started; null for none.</param>
    /// <returns>A task whose result is the change, to be settled with the report; null when no destination is known.</returns>
    public async Task<DestinationPauseChange?> ChangePauseAsync(AttemptReport report, DestinationPause? known)
    {
        var change = transitions.ChangePause(known?.Destination == (report.Destination ?? known?.Destination) ? known : null, report);
        while (change is not null && !ReferenceEquals(change.Before, change.After))
        {
            var stored = (await Grain.ChangePauseAsync(change.Handler, change.Destination, ToPayload(change.Before), ToPayload(change.After)))?.ToModel<DestinationPause>();
            if (stored == change.After)
            {
                break;
            }

            // Another attempt or an operator has changed the pause meanwhile.
            change = transitions.ChangePause(stored, report);
        }

        return change;
    }

    private static JsonPayload? ToPayload(DestinationPause? pause) => pause is null ? null : JsonPayload.FromModel(pause);
}
