using System.Text.Json.Serialization;
using IncomingCalls.Wire;

namespace IncomingCalls;

/// <summary>
/// Selects dead letters or quarantined notifications in <see cref="ICallInboxAdministration"/>. An item is selected if it matches every property
/// that is not null; a filter without properties selects all.
/// </summary>
/// <remarks>
/// A quarantined notification has no account, handler or kind: a filter with one of them is refused for the quarantine with an
/// <see cref="ArgumentException"/>. The filter of an action is stored in the administration log.
/// </remarks>
public sealed class InboxFilter
{
    /// <summary>The id of the item: a <see cref="DeadLetter.Id"/> or a <see cref="QuarantineItem.Id"/>.</summary>
    /// <value>Default: null, any.</value>
    public long? Id { get; init; }

    /// <summary>The instance. A quarantined notification that names no instance matches none.</summary>
    /// <value>Default: null, any.</value>
    public long? IdInstance { get; init; }

    /// <summary>The <see cref="DeadLetter.Account"/>, in which upper and lower case are the same. Dead letters only.</summary>
    /// <value>Default: null, any.</value>
    public string? Account { get; init; }

    /// <summary>The name of the handler, in which upper and lower case differ. Dead letters only.</summary>
    /// <value>Default: null, any.</value>
    public string? Handler { get; init; }

    /// <summary>The destination, see <see cref="ICallInboxAdministration.EndPausesAsync"/>. Pauses only.</summary>
    /// <value>Default: null, any.</value>
    public string? Destination { get; init; }

    /// <summary>The kind of the event. Dead letters only.</summary>
    /// <value>Default: null, any.</value>
    [JsonConverter(typeof(TolerantEnumConverter<CallEventKind>))]
    public CallEventKind? Kind { get; init; }

    /// <summary>The earliest time: of <see cref="DeadLetter.FailedAt"/>, or of <see cref="QuarantineItem.ReceivedAt"/>.</summary>
    /// <value>Default: null, any.</value>
    public DateTimeOffset? From { get; init; }

    /// <summary>The time before which <see cref="DeadLetter.FailedAt"/> or <see cref="QuarantineItem.ReceivedAt"/> is.</summary>
    /// <value>Default: null, any.</value>
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// A part of the text of the error, in which upper and lower case are the same: of <see cref="DeadLetter.Error"/>, or of
    /// <see cref="QuarantineItem.Reason"/> or <see cref="QuarantineItem.Explanation"/>.
    /// </summary>
    /// <value>Default: null, any.</value>
    public string? ErrorContains { get; init; }

    /// <summary>Returns whether the filter selects a dead letter.</summary>
    /// <param name="letter">The dead letter.</param>
    /// <returns>Whether the dead letter matches every property that is not null.</returns>
    public bool Matches(DeadLetter letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        ThrowIfForPauses();
        return (Id is null || Id == letter.Id)
            && (IdInstance is null || IdInstance == letter.Call.IdInstance)
            && (Account is null || Account.Equals(letter.Account, StringComparison.OrdinalIgnoreCase))
            && (Handler is null || Handler == letter.Handler)
            && (Kind is null || Kind == letter.Kind)
            && IsInTime(letter.FailedAt)
            && Contains(letter.Error);
    }

    /// <summary>Returns whether the filter selects a quarantined notification.</summary>
    /// <param name="item">The notification.</param>
    /// <returns>Whether the notification matches every property that is not null.</returns>
    /// <exception cref="ArgumentException">The filter has a property that applies to dead letters only.</exception>
    public bool Matches(QuarantineItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ThrowIfForDeadLetters();
        return (Id is null || Id == item.Id)
            && (IdInstance is null || IdInstance == item.IdInstance)
            && IsInTime(item.ReceivedAt)
            && (Contains(item.Reason) || Contains(item.Explanation));
    }

    /// <summary>Throws if the filter has a property that applies to pauses only.</summary>
    /// <exception cref="ArgumentException">The filter has a destination.</exception>
    internal void ThrowIfForPauses()
    {
        if (Destination is not null)
        {
            throw new ArgumentException("A dead letter or quarantined notification has no destination. Filter by handler, instance, account or text of the error.");
        }
    }

    /// <summary>Throws if the filter has a property that applies to dead letters only.</summary>
    /// <exception cref="ArgumentException">The filter has an account, a handler or a kind.</exception>
    internal void ThrowIfForDeadLetters()
    {
        ThrowIfForPauses();
        if (this is not { Account: null, Handler: null, Kind: null })
        {
            throw new ArgumentException("A quarantined notification has no account, handler or kind. Filter the quarantine by id, instance, time and text of the error.");
        }
    }

    private bool IsInTime(DateTimeOffset at) => (From is null || at >= From) && (To is null || at < To);

    private bool Contains(string text) => ErrorContains is null || text.Contains(ErrorContains, StringComparison.OrdinalIgnoreCase);
}
