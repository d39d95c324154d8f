using System.Security.Cryptography;
using System.Text;

namespace IncomingCalls.Testing;

/// <summary>Creates call events for unit tests of handlers, and their chat records and alerts for tests of recorders and notifiers, in one line each.</summary>
public static class CallEvents
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    /// <summary>Creates the event of a call that is ringing: <see cref="CallEvent.IsLive"/> is true.</summary>
    /// <param name="from">The caller's chat id, such as <c>70000000101@c.us</c>; null for an anonymous call.</param>
    /// <param name="instance">The <c>idInstance</c> of the called instance.</param>
    /// <param name="idMessage">The id of the call; null to derive it from <paramref name="from"/>, so that the events of one caller belong to one call.</param>
    /// <param name="name">The caller's name; null for an unknown name.</param>
    /// <returns>The event.</returns>
    public static CallEvent Offered(string? from = "70000000101@c.us", long instance = 1101000001, string? idMessage = null, string? name = null) =>
        Create(CallEventKind.Offered, CallStatus.Offer, CallOutcome.None, CallLabel.IncomingCall, from, instance, idMessage, name);

    /// <summary>Creates the event of a call that was answered after nine seconds.</summary>
    /// <inheritdoc cref="Offered"/>
    public static CallEvent Answered(string? from = "70000000101@c.us", long instance = 1101000001, string? idMessage = null, string? name = null) =>
        Create(CallEventKind.Answered, CallStatus.PickUp, CallOutcome.Answered, CallLabel.AnsweredCall, from, instance, idMessage, name);

    /// <summary>Creates the event of a call that the called side rejected after nine seconds.</summary>
    /// <inheritdoc cref="Offered"/>
    public static CallEvent Dropped(string? from = "70000000101@c.us", long instance = 1101000001, string? idMessage = null, string? name = null) =>
        Create(CallEventKind.Dropped, CallStatus.HungUp, CallOutcome.Dropped, CallLabel.DroppedCall, from, instance, idMessage, name);

    /// <summary>Creates the event of a call that ended unanswered after nine seconds.</summary>
    /// <inheritdoc cref="Offered"/>
    public static CallEvent Missed(string? from = "70000000101@c.us", long instance = 1101000001, string? idMessage = null, string? name = null) =>
        Create(CallEventKind.Missed, CallStatus.Declined, CallOutcome.Missed, CallLabel.MissedCall, from, instance, idMessage, name);

    /// <summary>Creates the event of a callback that was closed one hour after its only call.</summary>
    /// <param name="missed">The event of the unanswered call, of <see cref="Missed"/> or <see cref="Dropped"/>.</param>
    /// <param name="how">What has closed the callback.</param>
    /// <returns>The event.</returns>
    /// <exception cref="ArgumentException">The call has an anonymous caller, who has no callback.</exception>
    public static CallEvent CallbackClosed(CallEvent missed, CallbackClosing how = CallbackClosing.Answered)
    {
        ArgumentNullException.ThrowIfNull(missed);
        var person = missed.Person ?? throw new ArgumentException("The call has an anonymous caller, who has no callback.", nameof(missed));
        var (call, closedAt) = (missed.Call.Key, missed.OccurredAt.AddHours(1));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{person.Account}/{person.IdInstance}/{person.Id}/{call}")).AsSpan(0, 16));
        return new()
        {
            Id = $"callback/{hash}/{call}",
            Kind = CallEventKind.CallbackClosed,
            Callback = new()
            {
                Person = person,
                FirstMissedAt = missed.OccurredAt,
                LastMissedAt = missed.OccurredAt,
                Count = 1,
                Calls = [call],
                IdInstances = [call.IdInstance],
                How = how,
                ClosedAt = closedAt,
                ClosingCall = how == CallbackClosing.Closed ? null : new CallKey(call.IdInstance, CreateIdMessage(call.IdMessage)),
                By = how == CallbackClosing.Closed ? "operator" : null,
            },
            Call = new() { Key = new(call.IdInstance, $"callback/{hash}/{call.IdMessage}"), Caller = missed.Caller, Version = 1 },
            Caller = missed.Caller,
            Person = person,
            OccurredAt = closedAt,
            ReceivedAt = closedAt.AddSeconds(1),
        };
    }

    /// <summary>Creates the chat record of an event, as an <see cref="IChatRecorder"/> receives it.</summary>
    /// <param name="callEvent">The event, for example of <see cref="Missed"/>.</param>
    /// <param name="text">The text of the record; null for the English text of the label.</param>
    /// <returns>The record.</returns>
    /// <exception cref="ArgumentException">The event has no label, so that there is no record of it.</exception>
    public static ChatRecord CreateRecord(CallEvent callEvent, string? text = null)
    {
        ArgumentNullException.ThrowIfNull(callEvent);
        return new()
        {
            EventId = callEvent.Id,
            Call = callEvent.Call,
            ChatId = callEvent.Caller.ChatId,
            Label = callEvent.Decision.Label,
            Text = text ?? GetText(callEvent.Decision.Label, nameof(callEvent)),
            Caller = callEvent.Caller,
            PreviousOutcome = callEvent.PreviousOutcome,
            OccurredAt = callEvent.OccurredAt,
        };
    }

    /// <summary>
    /// Creates the alert of the call of an event, as an <see cref="IOperatorNotifier"/> receives it: with <see cref="Offered"/> the alert that is raised,
    /// with an outcome the one that is withdrawn. Both have the same <see cref="OperatorAlert.EventId"/>.
    /// </summary>
    /// <param name="callEvent">The event.</param>
    /// <returns>The alert, which expires one minute after the offer.</returns>
    public static OperatorAlert CreateAlert(CallEvent callEvent)
    {
        ArgumentNullException.ThrowIfNull(callEvent);
        var offeredAt = callEvent.Call.OfferedAt ?? callEvent.OccurredAt;
        return new()
        {
            EventId = CreateId(callEvent.Call.Key, CallEventKind.Offered),
            Call = callEvent.Call with { Caller = callEvent.Caller },
            ChatId = callEvent.Caller.ChatId,
            Caller = callEvent.Caller,
            OccurredAt = offeredAt,
            ExpiresAt = offeredAt + new IncomingCallsOptions().AlertWindow,
        };
    }

    private static CallEvent Create(
        CallEventKind kind, CallStatus status, CallOutcome outcome, CallLabel label, string? from, long instance, string? idMessage, string? name)
    {
        var key = new CallKey(instance, idMessage ?? CreateIdMessage(from));
        var isOffer = kind == CallEventKind.Offered;
        var at = isOffer ? Start : Start.AddSeconds(9);
        ChatId? chatId = from is null ? null : ChatId.Parse(from);
        var caller = new Caller { ChatId = chatId, Name = name, NameSource = name is null ? null : "test" };
        return new()
        {
            Id = CreateId(key, kind),
            Kind = kind,
            Notification = new()
            {
                IdMessage = key.IdMessage,
                Instance = new() { IdInstance = instance, TypeInstance = "whatsapp" },
                Status = status,
                From = chatId,
                Timestamp = at,
            },
            Call = new()
            {
                Key = key,
                Caller = caller,
                OfferedAt = Start,
                Outcome = outcome,
                OutcomeAt = isOffer ? null : at,
                Version = isOffer ? 1 : ((int)outcome * 64) + 2,
            },
            Caller = caller,
            Decision = CallDecision.Handle(label, alertOperator: isOffer),
            IsLive = isOffer,
            OccurredAt = at,
            ReceivedAt = at.AddSeconds(1),
        };
    }

    private static string CreateId(CallKey call, CallEventKind kind) => $"{call}/{kind}";

    private static string GetText(CallLabel label, string parameterName) => label switch
    {
        CallLabel.IncomingCall => "Incoming call",
        CallLabel.AnsweredCall => "Answered call",
        CallLabel.DroppedCall => "Dropped call",
        CallLabel.MissedCall => "Missed call",
        _ => throw new ArgumentException("The event has no label, so there is no chat record of it.", parameterName),
    };

    /// <summary>Derives an id that is the same for the same caller and does not contain the phone number, because call keys are logged.</summary>
    private static string CreateIdMessage(string? from) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(from ?? ""))[..16]);
}
