namespace IncomingCalls;

/// <summary>
/// The ways to work with calls: the four documented ones, and <see cref="AlertAndResult"/>. See
/// <see href="https://green-api.com/en/docs/api/recommendations/working-with-incomming-calls/">Working with incoming calls</see>.
/// </summary>
public enum CallScenario
{
    /// <summary>Scenario 4, the default: every status is an event with a chat label, and an offer alerts the operator.</summary>
    AllStatuses = 0,

    /// <summary>Scenario 1: calls are not of interest; nothing is stored.</summary>
    Ignore,

    /// <summary>Scenario 2: only the fact of a call matters; the offer is an event and alerts the operator.</summary>
    OfferOnly,

    /// <summary>Scenario 3: only the outcome is recorded in the chat; there are no alerts, and every unanswered call is recorded as missed.</summary>
    ResultOnly,

    /// <summary>Not among the documented scenarios, and what most CRMs want: the offer alerts the operator and is not recorded in the chat; every outcome is recorded as in <see cref="AllStatuses"/>.</summary>
    AlertAndResult,
}
