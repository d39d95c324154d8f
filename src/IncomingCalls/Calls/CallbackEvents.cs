using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IncomingCalls.Inbox;

namespace IncomingCalls.Calls;

/// <summary>
/// Creates the event of a closed callback. It has a history of its own beside those of the calls that it names, so that its deliveries are ordered, retried and
/// replayed like those of a call. The only fact of that history is the closing, which names the person.
/// </summary>
internal static class CallbackEvents
{
    private const string Prefix = "callback/";

    private const int HashBytes = 16;

    /// <summary>Gets the key of the history: the same for every closing of a callback with this first call.</summary>
    public static CallKey KeyOf(ClosedCallback closed) => new(closed.Calls[0].IdInstance, $"{Prefix}{HashOf(closed)}/{closed.Calls[0].IdMessage}");

    public static CallHistory CreateHistory(ClosedCallback closed, DateTimeOffset now) =>
        new CallHistory { Key = KeyOf(closed), FirstReceivedAt = now }.With(CallFact.CreateCallbackClosed(closed));

    public static StoredCallEvent CreateEvent(ClosedCallback closed, DateTimeOffset now) => new()
    {
        Id = $"{Prefix}{HashOf(closed)}/{closed.Calls[0]}",
        Call = KeyOf(closed),
        Kind = CallEventKind.CallbackClosed,
        Decision = CallDecision.Handle(),
        Callback = closed,
        OccurredAt = closed.ClosedAt,
        ReceivedAt = now,
    };

    /// <summary>
    /// Hashes the person together with the first call. The id of that call is as good as a random number, so the phone number cannot be found by trying all of them, as
    /// long as the call is not known; and whoever knows the call knows the number already.
    /// </summary>
    private static string HashOf(ClosedCallback closed)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{closed.Person.Account}\n{closed.Person.IdInstance}\n{closed.Person.Id}\n{closed.Calls[0]}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HashBytes));
    }
}
