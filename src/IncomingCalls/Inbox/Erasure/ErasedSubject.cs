using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IncomingCalls.Infrastructure;

namespace IncomingCalls.Inbox;

/// <summary>
/// Whose data an inbox erases: decides for each stored item whether it is of the person or the instance. It compares salted hashes, so it works the same from a stored report, which
/// contains no phone number. Not thread-safe until the last call of <see cref="WithAliases"/>.
/// </summary>
[Experimental("ICEXP001")]
public sealed class ErasedSubject
{
    private const int SaltBytes = 16;

    /// <summary>The lengths of the runs of digits in a text that are compared with the id of a person. No id that a gateway issues is shorter or longer.</summary>
    private const int MinDigits = 5, MaxDigits = 20;

    private readonly byte[] _salt;
    private readonly HashSet<string> _callers;
    private HashSet<long> _instancesOfOthers = [];

    private ErasedSubject(ErasureReport report)
    {
        Report = report;
        _salt = report.Salt is null ? [] : Convert.FromHexString(report.Salt);
        _callers = [.. report.Callers];
    }

    /// <summary>The report, which is not complete yet.</summary>
    public ErasureReport Report { get; private set; }

    /// <summary>Creates the subject for a person.</summary>
    /// <param name="account">The account of the instances that the person has called; null for the instances without one.</param>
    /// <param name="caller">The chat with the person.</param>
    /// <param name="performedBy">Who requests the erasure, at most 200 characters; null or white space if that is not known.</param>
    /// <param name="now">The current time.</param>
    /// <returns>The subject.</returns>
    /// <exception cref="ArgumentException">The chat is empty or that of a group, or the name is too long.</exception>
    public static ErasedSubject ForCaller(string? account, ChatId caller, string? performedBy, DateTimeOffset now)
    {
        if (caller is not { Value.Length: > 0, Kind: not ChatIdKind.Group })
        {
            throw new ArgumentException("The chat is empty or that of a group. Pass the chat id of a person.", nameof(caller));
        }

        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new(new()
        {
            Id = Guid.CreateVersion7(now),
            At = now.ToUniversalTime(),
            PerformedBy = OperatorName.Require(performedBy),
            Account = string.IsNullOrEmpty(account) ? null : account,
            Salt = Convert.ToHexStringLower(salt),
            Callers = [Hash(salt, IdOf(caller))],
        });
    }

    /// <summary>Creates the subject for an instance.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <param name="performedBy">Who requests the erasure, at most 200 characters; null or white space if that is not known.</param>
    /// <param name="now">The current time.</param>
    /// <returns>The subject.</returns>
    /// <exception cref="ArgumentException">The number is not positive, or the name is too long.</exception>
    public static ErasedSubject ForInstance(long idInstance, string? performedBy, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(idInstance);
        return new(new() { Id = Guid.CreateVersion7(now), At = now.ToUniversalTime(), PerformedBy = OperatorName.Require(performedBy), IdInstance = idInstance });
    }

    /// <summary>Creates the subject of a report.</summary>
    /// <param name="report">The report, of this inbox or of another copy of it.</param>
    /// <returns>The subject.</returns>
    /// <exception cref="ArgumentException">The report names neither a person nor an instance.</exception>
    public static ErasedSubject ForReport(ErasureReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var isOfCaller = report is { IdInstance: null, Salt: { Length: 2 * SaltBytes } salt, Callers.Count: > 0 } && salt.All(char.IsAsciiHexDigit);
        return isOfCaller || report is { IdInstance: > 0, Salt: null, Callers.Count: 0 }
            ? new(report with { IsComplete = false })
            : throw new ArgumentException("The report names neither a person nor an instance. Pass a report as it was returned or stored.", nameof(report));
    }

    /// <summary>
    /// Adds which account the instances belong to. Items of an instance that only persons of other accounts have called are not of the person. Without an entry an instance can belong to any account.
    /// </summary>
    /// <param name="accounts">Pairs of an instance and the account of a person who has called it; an empty account for none.</param>
    /// <returns>This subject.</returns>
    public ErasedSubject WithAccounts(IEnumerable<(long IdInstance, string? Account)> accounts)
    {
        var byInstance = accounts.ToLookup(static pair => pair.IdInstance, pair => IsAccount(pair.Account));
        _instancesOfOthers = [.. byInstance.Where(static instance => !instance.Contains(true)).Select(static instance => instance.Key)];
        return this;
    }

    /// <summary>Adds ids of the same person: the phone number of an erased linked id, and the linked ids of an erased phone number.</summary>
    /// <param name="numbers">The known phone numbers, in E.164 form, of chats.</param>
    /// <returns>This subject.</returns>
    public ErasedSubject WithAliases(IEnumerable<(long IdInstance, string ChatId, string PhoneNumber)> numbers)
    {
        if (Report.IdInstance is null)
        {
            var known = numbers.Where(pair => IsOfAccount(pair.IdInstance)).Select(static pair => (Chat: IdOf(pair.ChatId), pair.PhoneNumber)).ToArray();
            // Until nothing is added: of two linked ids with one number, each is an alias of the other.
            while (known.Where(pair => Knows(pair.Chat) != Knows(pair.PhoneNumber)).ToArray() is { Length: > 0 } aliases)
            {
                _callers.UnionWith(aliases.Select(pair => HashOf(pair.Chat)));
                _callers.UnionWith(aliases.Select(pair => HashOf(pair.PhoneNumber)));
            }

            Report = Report with { Callers = [.. _callers.Order(StringComparer.Ordinal)] };
        }

        return this;
    }

    /// <summary>Returns whether a call is erased, or the event of a closed callback.</summary>
    /// <param name="history">The history. One that began after the erasure is not.</param>
    /// <returns>true if it is erased; otherwise, false.</returns>
    public bool Covers(CallHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return history.FirstReceivedAt <= Report.At
            && (Report.IdInstance is { } idInstance ? history.Key.IdInstance == idInstance : history.Facts.Any(fact => fact is { IsFromSelf: false, From: { } from } && Covers(history.Key.IdInstance, from.Value)));
    }

    /// <summary>Returns whether a dead letter is erased. Its call may no longer be stored.</summary>
    /// <param name="letter">The dead letter.</param>
    /// <returns>true if it is erased; otherwise, false.</returns>
    public bool Covers(DeadLetterEntry letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        var stored = letter.Event;
        return stored.ReceivedAt <= Report.At
            && (Report.IdInstance is { } idInstance ? stored.Call.IdInstance == idInstance
                : new[] { stored.Notification?.From, stored.JournalEntry?.ChatId, stored.Callback?.Person.ChatId }.Any(chat => chat is { } id && Covers(stored.Call.IdInstance, id.Value)));
    }

    /// <summary>Returns whether a chat of an instance is that of the person; for an instance, whether it is the instance.</summary>
    /// <param name="idInstance">The instance; null when it is not known.</param>
    /// <param name="chatId">The id of the chat, or a phone number in E.164 form.</param>
    /// <returns>true if it is erased; otherwise, false.</returns>
    public bool Covers(long? idInstance, string chatId) =>
        Report.IdInstance is { } erased ? idInstance == erased : IsOfAccount(idInstance) && Knows(IdOf(chatId));

    /// <summary>Returns whether a person is erased.</summary>
    /// <param name="account">The account of the person; empty or null for none.</param>
    /// <param name="idInstance">The instance that the id is valid in; 0 or null when it has none.</param>
    /// <param name="id">The <see cref="Person.Id"/>.</param>
    /// <returns>true if the person is the erased one, or belongs to the erased instance only; otherwise, false.</returns>
    public bool CoversPerson(string? account, long? idInstance, string id) =>
        Report.IdInstance is { } erased ? idInstance == erased : IsAccount(account) && Knows(id);

    /// <summary>Returns whether a value of a handler is erased.</summary>
    /// <param name="kind">What the value belongs to.</param>
    /// <param name="account">The account of the key; empty or null for none.</param>
    /// <param name="idInstance">The instance of the key; 0 or null for none.</param>
    /// <param name="subject">The <see cref="HandlerKey.Subject"/>.</param>
    /// <param name="isErasedCall">Returns whether a call is erased; null when it is not stored.</param>
    /// <returns>true if the value is erased; otherwise, false.</returns>
    public bool CoversValue(HandlerKeyKind kind, string? account, long? idInstance, string subject, Func<CallKey, bool?> isErasedCall)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(isErasedCall);
        return kind switch
        {
            HandlerKeyKind.Call => isErasedCall(new(idInstance ?? 0, subject)) ?? (Report.IdInstance is { } erased && idInstance == erased),
            HandlerKeyKind.Person => CoversPerson(account, idInstance, subject),
            // A package that stores values of an instance ends their keys with its number.
            _ => Report.IdInstance is { } instance && subject.EndsWith(string.Create(CultureInfo.InvariantCulture, $"/{instance}"), StringComparison.Ordinal),
        };
    }

    /// <summary>Returns whether a text that is not a known form contains an id of the person, or the number of the instance.</summary>
    /// <param name="idInstance">The instance that the text is of; null when it is not known.</param>
    /// <param name="utf8Text">The text, such as a notification that cannot be read.</param>
    /// <returns>true if it is erased; otherwise, false.</returns>
    public bool CoversText(long? idInstance, ReadOnlySpan<byte> utf8Text)
    {
        if (Report.IdInstance is { } erased && idInstance is not null)
        {
            return idInstance == erased;
        }

        if (!IsOfAccount(idInstance))
        {
            return false;
        }

        for (var start = 0; start < utf8Text.Length; start++)
        {
            var length = CountDigits(utf8Text[start..]);
            if (length is >= MinDigits and <= MaxDigits && IsSubject(Encoding.ASCII.GetString(utf8Text.Slice(start, length))))
            {
                return true;
            }

            start += length;
        }

        return false;
    }

    /// <summary>Removes what is erased from the state of a person, who may be another one: of two callers that a call has named, it belongs to one.</summary>
    /// <param name="state">The state.</param>
    /// <param name="isErasedCall">Returns whether a call is erased.</param>
    /// <returns>The state that remains; null when nothing does.</returns>
    public PersonState? Reduce(PersonState state, Func<CallKey, bool> isErasedCall)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(isErasedCall);
        var isErased = CoversPerson(state.Person.Account, state.Person.IdInstance, state.Person.Id);
        PersonCall[] remaining = [.. state.Calls.Where(call => !isErasedCall(call.Call) && !(IsEarlier(call.At) && (isErased || call.Call.IdInstance == Report.IdInstance)))];
        var isAnswered = state.AnsweredAt is { } answeredAt && !(isErased && IsEarlier(answeredAt));
        return remaining.Length == 0 && !isAnswered ? null
            : remaining.Length == state.Calls.Count ? state
            : state with { Calls = remaining, OmittedCalls = 0 };
    }

    /// <summary>Returns whether a time of the gateway is before the erasure. Its times are whole seconds: one in the second of the erasure may be after it.</summary>
    /// <param name="at">The time.</param>
    /// <returns>true if the time is in an earlier second than the erasure; otherwise, false.</returns>
    public bool IsEarlier(DateTimeOffset at) => at.ToUnixTimeSeconds() < Report.At.ToUnixTimeSeconds();

    /// <summary>Returns whether a chat of an account is the erased person. The accounts are known here, unlike in the administration.</summary>
    internal bool CoversChat(string? account, ChatId chat) => Report.IdInstance is null && IsAccount(account) && Knows(IdOf(chat));

    private static string IdOf(ChatId chat) => chat.PhoneNumber ?? chat.Value;

    private static string IdOf(string chatId) => ChatId.TryParse(chatId, out var chat) ? IdOf(chat) : chatId;

    private static string Hash(byte[] salt, string id) => Convert.ToHexStringLower(HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(id)));

    private static int CountDigits(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? text.Length : end;
    }

    private string HashOf(string id) => Hash(_salt, id);

    private bool Knows(string id) => _callers.Contains(HashOf(id));

    private bool IsAccount(string? account) => (account ?? "") == (Report.Account ?? "");

    private bool IsOfAccount(long? idInstance) => idInstance is not { } known || !_instancesOfOthers.Contains(known);

    private bool IsSubject(string digits) => Report.IdInstance is { } erased
        ? digits == erased.ToString(CultureInfo.InvariantCulture)
        : Knows($"+{digits}") || Knows(digits) || Knows($"{digits}@lid");
}
