using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IncomingCalls.Inbox;

/// <summary>The erasures of an inbox, by which it discards what was sent before them. Immutable.</summary>
[Experimental("ICEXP001")]
public sealed class ErasureList
{
    /// <summary>Longer than a lookup takes.</summary>
    private static readonly TimeSpan LongestLookup = TimeSpan.FromMinutes(15);

    private readonly ErasedSubject[] _subjects;

    /// <summary>Initializes the list.</summary>
    /// <param name="reports">The reports of the erasures.</param>
    public ErasureList(IEnumerable<ErasureReport> reports) => _subjects = [.. reports.Select(ErasedSubject.ForReport).OrderByDescending(static subject => subject.Report.At)];

    /// <summary>Creates the list from stored reports. One that cannot be read is omitted: calls must not be refused because of it.</summary>
    /// <param name="reports">The JSON of the reports.</param>
    /// <param name="typeInfo">The contract of their JSON.</param>
    /// <returns>The list.</returns>
    public static ErasureList FromJson(IEnumerable<byte[]> reports, JsonTypeInfo<ErasureReport> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(reports);
        return reports.Select(report => TryRead(report, typeInfo)).OfType<ErasureReport>().ToArray() is { Length: > 0 } read ? new(read) : Empty;
    }

    /// <summary>The list of an inbox without erasures.</summary>
    public static ErasureList Empty { get; } = new([]);

    /// <summary>Returns whether a value is not saved, because its person was erased after the attempt of the handler had started.</summary>
    /// <param name="attempt">The attempt that saves the value.</param>
    /// <param name="key">The key.</param>
    /// <returns>true if the value is not saved; otherwise, false.</returns>
    public bool Discards(HandlerAttempt attempt, HandlerKey key)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(key);
        return After(attempt.StartedAt).Any(subject => subject.CoversValue(key.Kind, key.Account, key.IdInstance, key.Subject, static _ => null));
    }

    /// <summary>Gets the time of a notification that is compared with those of the erasures.</summary>
    /// <param name="received">The notification.</param>
    /// <returns>Its timestamp, or when the call of the journal's entry ended.</returns>
    public static DateTimeOffset GetTime(ReceivedCallNotification received)
    {
        ArgumentNullException.ThrowIfNull(received);
        return received.JournalEntry?.EndedAt ?? received.Notification.Timestamp ?? received.ReceivedAt;
    }

    /// <summary>Returns whether a name or a number that was found is not stored, because its lookup may have started before the caller was erased.</summary>
    /// <param name="idInstance">The instance that was called.</param>
    /// <param name="chatId">The chat with the caller.</param>
    /// <param name="phoneNumber">The phone number that was found; null for none.</param>
    /// <param name="now">The current time.</param>
    /// <returns>true if it is not stored; otherwise, false.</returns>
    public bool DiscardsLookup(long idInstance, ChatId chatId, string? phoneNumber, DateTimeOffset now) =>
        After(now - LongestLookup).Any(subject => subject.Covers(idInstance, chatId.Value) || (phoneNumber is not null && subject.Covers(idInstance, phoneNumber)));

    /// <summary>Returns whether a notification, or an entry of the journal, is of a time before the erasure of its person or instance.</summary>
    /// <param name="received">The notification.</param>
    /// <param name="account">The account of its instance; null for none.</param>
    internal bool Discards(ReceivedCallNotification received, string? account)
    {
        var at = GetTime(received);
        var chat = received.JournalEntry?.ChatId ?? received.Notification.From;
        return After(at).Where(subject => subject.IsEarlier(at)).Any(subject => subject.Report.IdInstance == received.Notification.Instance.IdInstance || (chat is { } from && subject.CoversChat(account, from)));
    }

    private static ErasureReport? TryRead(byte[] report, JsonTypeInfo<ErasureReport> typeInfo)
    {
        try
        {
            return JsonSerializer.Deserialize(report, typeInfo) is { } read ? ErasedSubject.ForReport(read).Report : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Gets the erasures after a time. Most notifications are newer than all of them.</summary>
    private IEnumerable<ErasedSubject> After(DateTimeOffset at) => _subjects.TakeWhile(subject => subject.Report.At > at);
}
