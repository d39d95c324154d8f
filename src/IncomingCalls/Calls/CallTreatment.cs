namespace IncomingCalls;

/// <summary>How calls are treated whose caller is not a client for certain: group calls, and calls that name the instance itself as the caller.</summary>
public enum CallTreatment
{
    /// <summary>The event and the chat record are created as for other calls, but no operator is alerted.</summary>
    Record = 0,

    /// <summary>The call is tracked without an event.</summary>
    Ignore,

    /// <summary>The call is treated like any other.</summary>
    Alert,
}

/// <summary>The treatments that the options of the host specify.</summary>
internal readonly record struct CallTreatments
{
    /// <summary>The treatment of calls that name the instance itself as the caller.</summary>
    public CallTreatment OwnNumber { get; init; }

    /// <summary>The treatment of group calls.</summary>
    public CallTreatment Group { get; init; }

    /// <summary>Limits the decision of the policy for a call.</summary>
    public CallDecision Apply(CallDecision decision, Call call)
    {
        var treatment = call.Anomalies.HasFlag(CallAnomalies.FromSelf) ? OwnNumber
            : call.Caller.ChatId?.Kind == ChatIdKind.Group ? Group
            : CallTreatment.Alert;
        return decision.Kind != CallDecisionKind.Handle ? decision : treatment switch
        {
            CallTreatment.Ignore => CallDecision.Track,
            CallTreatment.Record => CallDecision.Handle(decision.Label),
            _ => decision,
        };
    }
}
