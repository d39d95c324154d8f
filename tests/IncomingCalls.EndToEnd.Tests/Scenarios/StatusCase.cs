namespace IncomingCalls.EndToEnd.Tests.Scenarios;

/// <summary>A status on the wire, and the documented result.</summary>
/// <param name="Wire">The text of the gateway; null for a notification without status.</param>
/// <param name="Kind">The kind of the event.</param>
/// <param name="Status">The parsed status.</param>
/// <param name="ResultOnly">The label under the scenario ResultOnly; null for none.</param>
/// <param name="AllStatuses">The label under the scenario AllStatuses; null for none.</param>
public sealed record StatusCase(string? Wire, string Kind, string Status, string? ResultOnly, string? AllStatuses)
{
    public static IReadOnlyList<StatusCase> All { get; } =
    [
        new("offer", "Offered", "Offer", null, "IncomingCall"),
        new(null, "Offered", "Unspecified", null, "IncomingCall"),
        new("pickUp", "Answered", "PickUp", "AnsweredCall", "AnsweredCall"),
        new("PICKUP", "Answered", "PickUp", "AnsweredCall", "AnsweredCall"),
        new("hungUp", "Dropped", "HungUp", "MissedCall", "DroppedCall"),
        new("hangUp", "Dropped", "HungUp", "MissedCall", "DroppedCall"),
        new("missed", "Missed", "Missed", "MissedCall", "MissedCall"),
        new("declined", "Missed", "Declined", "MissedCall", "MissedCall"),
        new("transferred", "Unrecognized", "Unknown", null, null),
    ];

    public bool IsOffer => Kind == "Offered";

    public bool IsEventIn(CallScenario scenario) => scenario switch
    {
        CallScenario.Ignore => false,
        CallScenario.OfferOnly => IsOffer,
        CallScenario.ResultOnly => !IsOffer,
        _ => true,
    };

    public bool IsAlertIn(CallScenario scenario) => IsOffer && scenario is (CallScenario.OfferOnly or CallScenario.AllStatuses or CallScenario.AlertAndResult);

    public string? LabelIn(CallScenario scenario) => scenario switch
    {
        CallScenario.ResultOnly => ResultOnly,
        CallScenario.AllStatuses => AllStatuses,
        CallScenario.AlertAndResult => IsOffer ? null : AllStatuses,
        _ => null,
    };
}
