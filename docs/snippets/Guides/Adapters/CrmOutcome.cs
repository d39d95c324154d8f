using IncomingCalls;

namespace Guides.Adapters;

/// <summary>An outcome in the words of the CRM.</summary>
internal sealed record CrmOutcome(string Code, string Text)
{
    public static CrmOutcome From(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Answered => new("answered", "Answered call"),
        CallOutcome.Dropped => new("dropped", "Dropped call"),
        CallOutcome.Missed => new("missed", "Missed call"),
        _ => new("unknown", "Call without a known outcome"),
    };
}
