using System.Security.Cryptography;
using System.Text;

namespace IncomingCalls.Testing;

/// <summary>Makes the events that a unit test hands to a handler, one line each.</summary>
public static class CallEvents
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    /// <summary>Somebody rings now: <see cref="CallEvent.IsLive"/> is true.</summary>
    /// <param name="from">The caller's chat id, such as <c>70000000101@c.us</c>; null for an anonymous call.</param>
    /// <param name="instance">The instance that is called.</param>
    /// <param name="idMessage">The id of the call; made from the caller when null.</param>
    /// <param name="name">The caller's name; null while none is known.</param>
    /// <returns>The event.</returns>
    public static CallEvent Offered(string? from = "70000000101@c.us", long instance = 1101000001, string? idMessage = null, string? name = null) =>
        Create(CallEventKind.Offered, CallStatus.Offer, CallOutcome.None, CallLabel.IncomingCall, from, instance, idMessage, name);

    /// <summary>Somebody answered after nine seconds.</summary>
    /// <inheritdoc cref="Offered"/>
    public static CallEvent Answered(string? from = "70000000101@c.us", long instance = 1101000001, string? idMessage = null, string? name = null) =>
        Create(CallEventKind.Answered, CallStatus.PickUp, CallOutcome.Answered, CallLabel.AnsweredCall, from, instance, idMessage, name);

    /// <summary>The called side refused after nine seconds.</summary>
    /// <inheritdoc cref="Offered"/>
    public static CallEvent Dropped(string? from = "70000000101@c.us", long instance = 1101000001, string? idMessage = null, string? name = null) =>
        Create(CallEventKind.Dropped, CallStatus.HungUp, CallOutcome.Dropped, CallLabel.DroppedCall, from, instance, idMessage, name);

    /// <summary>Nobody answered for nine seconds.</summary>
    /// <inheritdoc cref="Offered"/>
    public static CallEvent Missed(string? from = "70000000101@c.us", long instance = 1101000001, string? idMessage = null, string? name = null) =>
        Create(CallEventKind.Missed, CallStatus.Declined, CallOutcome.Missed, CallLabel.MissedCall, from, instance, idMessage, name);

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
            Id = $"{key}/{kind}",
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

    /// <summary>The same for the same caller, and without the number: keys go into logs.</summary>
    private static string CreateIdMessage(string? from) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(from ?? ""))[..16]);
}
