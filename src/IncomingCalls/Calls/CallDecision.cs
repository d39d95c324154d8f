using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>What a policy decides about something that happened to a call.</summary>
public sealed record CallDecision
{
    private CallDecision(CallDecisionKind kind, CallLabel label, bool alertOperator) =>
        (Kind, Label, AlertOperator) = (kind, label, alertOperator);

    [JsonConstructor]
    internal CallDecision()
    {
    }

    /// <summary>Nothing is kept.</summary>
    public static CallDecision Discard { get; } = new(CallDecisionKind.Discard, CallLabel.None, alertOperator: false);

    /// <summary>The call is updated, without an event.</summary>
    public static CallDecision Track { get; } = new(CallDecisionKind.Track, CallLabel.None, alertOperator: false);

    /// <summary>Discard, track or handle.</summary>
    [JsonInclude]
    public CallDecisionKind Kind { get; internal init; }

    /// <summary>The label of the chat record; <see cref="CallLabel.None"/> for no record.</summary>
    [JsonInclude]
    public CallLabel Label { get; internal init; }

    /// <summary>Whether an operator is to be alerted, if the call is still ringing when we hear of it.</summary>
    [JsonInclude]
    public bool AlertOperator { get; internal init; }

    /// <summary>The handlers get an event.</summary>
    /// <param name="label">The label of the chat record; none by default.</param>
    /// <param name="alertOperator">Whether an operator is to be alerted. It counts for offers only.</param>
    /// <returns>The decision.</returns>
    public static CallDecision Handle(CallLabel label = CallLabel.None, bool alertOperator = false) =>
        new(CallDecisionKind.Handle, label, alertOperator);
}

/// <summary>The three decisions.</summary>
public enum CallDecisionKind
{
    /// <summary>Nothing is kept.</summary>
    Discard = 0,

    /// <summary>The call is updated, without an event.</summary>
    Track,

    /// <summary>The handlers get an event.</summary>
    Handle,
}

/// <summary>What a chat record says about a call. The texts come from <see cref="IncomingCallsOptions.Culture"/> and <see cref="IncomingCallsOptions.Labels"/>.</summary>
public enum CallLabel
{
    /// <summary>No record.</summary>
    None = 0,

    /// <summary>The call is ringing: Incoming call, «Входящий вызов».</summary>
    IncomingCall,

    /// <summary>Somebody answered: Answered call, «Отвеченный звонок».</summary>
    AnsweredCall,

    /// <summary>The called side refused: Dropped call, «Сброшенный звонок».</summary>
    DroppedCall,

    /// <summary>Nobody answered: Missed call, «Пропущенный звонок».</summary>
    MissedCall,
}
