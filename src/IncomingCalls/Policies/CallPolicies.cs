namespace IncomingCalls;

/// <summary>
/// The policies of the scenarios. An outgoing call is an event without a label and without an alert, where incoming calls are recorded; only handlers that ask for it receive it, see
/// <see cref="CallHandlerOptions.Directions"/>. See <see cref="CallScenario"/> and
/// <see href="https://green-api.com/en/docs/api/recommendations/working-with-incomming-calls/">Working with incoming calls</see>.
/// </summary>
public static class CallPolicies
{
    /// <summary>Scenario 1: every notification is discarded.</summary>
    public static ICallPolicy Ignore { get; } = new TablePolicy(
        offered: CallDecision.Discard,
        answered: CallDecision.Discard,
        dropped: CallDecision.Discard,
        missed: CallDecision.Discard,
        other: CallDecision.Discard,
        outgoing: CallDecision.Discard);

    /// <summary>Scenario 2: the offer is an event and alerts the operator; other statuses only update the call.</summary>
    public static ICallPolicy OfferOnly { get; } = new TablePolicy(
        offered: CallDecision.Handle(alertOperator: true),
        answered: CallDecision.Track,
        dropped: CallDecision.Track,
        missed: CallDecision.Track,
        other: CallDecision.Track,
        outgoing: CallDecision.Track);

    /// <summary>Scenario 3: outcomes are recorded, and a rejected call is recorded as missed.</summary>
    public static ICallPolicy ResultOnly { get; } = new TablePolicy(
        offered: CallDecision.Track,
        answered: CallDecision.Handle(CallLabel.AnsweredCall),
        dropped: CallDecision.Handle(CallLabel.MissedCall),
        missed: CallDecision.Handle(CallLabel.MissedCall),
        other: CallDecision.Handle(),
        outgoing: CallDecision.Handle());

    /// <summary>Scenario 4: every status is recorded, and an offer alerts the operator.</summary>
    public static ICallPolicy AllStatuses { get; } = new TablePolicy(
        offered: CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true),
        answered: CallDecision.Handle(CallLabel.AnsweredCall),
        dropped: CallDecision.Handle(CallLabel.DroppedCall),
        missed: CallDecision.Handle(CallLabel.MissedCall),
        other: CallDecision.Handle(),
        outgoing: CallDecision.Handle());

    /// <summary>What most CRMs want, not one of the documented scenarios: the offer alerts the operator without a record, and every outcome is recorded as in scenario 4.</summary>
    public static ICallPolicy AlertAndResult { get; } = new TablePolicy(
        offered: CallDecision.Handle(alertOperator: true),
        answered: CallDecision.Handle(CallLabel.AnsweredCall),
        dropped: CallDecision.Handle(CallLabel.DroppedCall),
        missed: CallDecision.Handle(CallLabel.MissedCall),
        other: CallDecision.Handle(),
        outgoing: CallDecision.Handle());

    /// <summary>Gets the policy of a scenario.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <returns>Its policy.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scenario"/> is not a defined scenario.</exception>
    public static ICallPolicy For(CallScenario scenario) => scenario switch
    {
        CallScenario.AllStatuses => AllStatuses,
        CallScenario.Ignore => Ignore,
        CallScenario.OfferOnly => OfferOnly,
        CallScenario.ResultOnly => ResultOnly,
        CallScenario.AlertAndResult => AlertAndResult,
        _ => throw new ArgumentOutOfRangeException(nameof(scenario), scenario, "The value is not a defined scenario."),
    };
}

/// <summary>A policy with one fixed decision for each kind of event, and one for all outgoing calls.</summary>
internal sealed class TablePolicy(
    CallDecision offered, CallDecision answered, CallDecision dropped, CallDecision missed, CallDecision other, CallDecision outgoing) : ICallPolicy
{
    public CallDecision Decide(CallPolicyContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Direction == CallDirection.Outgoing ? outgoing : context.Kind switch
        {
            CallEventKind.Offered => offered,
            CallEventKind.Answered => answered,
            CallEventKind.Dropped => dropped,
            CallEventKind.Missed => missed,
            _ => other,
        };
    }
}
