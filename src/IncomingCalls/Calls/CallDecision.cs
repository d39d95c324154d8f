using System.Text.Json.Serialization;
using IncomingCalls.Wire;

namespace IncomingCalls;

/// <summary>The decision of a policy about one event of a call.</summary>
public sealed record CallDecision
{
    private CallDecision(CallDecisionKind kind, CallLabel label, bool alertOperator) =>
        (Kind, Label, AlertOperator) = (kind, label, alertOperator);

    [JsonConstructor]
    internal CallDecision()
    {
    }

    /// <summary>Discards the notification; nothing is stored.</summary>
    public static CallDecision Discard { get; } = new(CallDecisionKind.Discard, CallLabel.None, alertOperator: false);

    /// <summary>Updates the call without raising an event.</summary>
    public static CallDecision Track { get; } = new(CallDecisionKind.Track, CallLabel.None, alertOperator: false);

    /// <summary>The kind of decision: discard, track or handle.</summary>
    [JsonInclude]
    [JsonConverter(typeof(TolerantEnumConverter<CallDecisionKind>))]
    public CallDecisionKind Kind { get; internal init; }

    /// <summary>The label of the chat record; <see cref="CallLabel.None"/> for no record.</summary>
    [JsonInclude]
    [JsonConverter(typeof(TolerantEnumConverter<CallLabel>))]
    public CallLabel Label { get; internal init; }

    /// <summary>Whether to alert an operator, provided that the call is still ringing when its offer is received.</summary>
    [JsonInclude]
    public bool AlertOperator { get; internal init; }

    /// <summary>Creates a decision to raise an event for the handlers.</summary>
    /// <param name="label">The label of the chat record; by default, there is no record.</param>
    /// <param name="alertOperator">Whether to alert an operator. It applies to offers only.</param>
    /// <returns>The decision.</returns>
    public static CallDecision Handle(CallLabel label = CallLabel.None, bool alertOperator = false) =>
        new(CallDecisionKind.Handle, label, alertOperator);
}

/// <summary>The kinds of <see cref="CallDecision"/>.</summary>
public enum CallDecisionKind
{
    /// <summary>The notification is discarded; nothing is stored.</summary>
    Discard = 0,

    /// <summary>The call is updated; no event is raised.</summary>
    Track,

    /// <summary>The handlers receive an event.</summary>
    Handle,
}

/// <summary>The label of a chat record. Its text comes from <see cref="IncomingCallsOptions.Culture"/> and <see cref="IncomingCallsOptions.Labels"/>.</summary>
public enum CallLabel
{
    /// <summary>No record.</summary>
    None = 0,

    /// <summary>The call is ringing: Incoming call, «Входящий вызов».</summary>
    IncomingCall,

    /// <summary>The call was answered: Answered call, «Отвеченный звонок».</summary>
    AnsweredCall,

    /// <summary>The called side rejected the call: Dropped call, «Сброшенный звонок».</summary>
    DroppedCall,

    /// <summary>The call was not answered: Missed call, «Пропущенный звонок».</summary>
    MissedCall,
}
