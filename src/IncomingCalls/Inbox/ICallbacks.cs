namespace IncomingCalls;

/// <summary>
/// The open callbacks of the inbox: the persons who have called, were not answered, and were not spoken to since. A missed or rejected incoming call opens one, an answered
/// call in either direction on any instance of the account closes it, and so does the host with <see cref="CloseAsync"/>. A singleton; thread-safe.
/// </summary>
/// <remarks>Calls of groups, of anonymous callers and of the own number have no person, and make no callback.</remarks>
public interface ICallbacks
{
    /// <summary>Gets a page of the open callbacks, by <see cref="PersonCallback.FirstMissedAt"/>, oldest first.</summary>
    /// <param name="filter">Which callbacks; null for all.</param>
    /// <param name="limit">The maximum number of callbacks in the page, 1 to 1000.</param>
    /// <param name="after">The last callback of the previous page; null for the first page. It does not matter whether it is still open: callbacks that are opened or closed between two pages do not move the others.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the page. The last page has fewer items than <paramref name="limit"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is not between 1 and 1000.</exception>
    /// <exception cref="NotSupportedException">The inbox stores no callbacks.</exception>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<OpenCallback>> ListAsync(OpenCallbackFilter? filter = null, int limit = 100, OpenCallback? after = null, CancellationToken cancellationToken = default);

    /// <summary>Finds the open callback of a person.</summary>
    /// <param name="person">The person.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is the callback; null when none is open.</returns>
    /// <exception cref="NotSupportedException">The inbox stores no callbacks.</exception>
    /// <exception cref="CallInboxUnavailableException">The store cannot be read.</exception>
    ValueTask<OpenCallback?> FindAsync(Person person, CancellationToken cancellationToken = default);

    /// <summary>
    /// Closes the callback of a person who was reached in another way, such as a call of a PBX or a reply in a chat. Calls up to <paramref name="at"/> that arrive late open no
    /// callback again. It may be called again, for example after a failure: nothing is closed twice.
    /// </summary>
    /// <param name="person">The person.</param>
    /// <param name="by">Who has reached the person: a name of at most 200 characters; null if that is not known.</param>
    /// <param name="at">When the person was reached. A time in the future counts as now.</param>
    /// <param name="how">How the person was reached: a text of at most 200 characters; null for none.</param>
    /// <param name="cancellationToken">Ends the wait. The callback may be closed nevertheless.</param>
    /// <returns>A task whose result is whether this call has closed a callback: false when none is open, or when the person has called again after <paramref name="at"/>.</returns>
    /// <exception cref="ArgumentException">A text is too long or malformed.</exception>
    /// <exception cref="NotSupportedException">The inbox stores no callbacks.</exception>
    /// <exception cref="CallInboxUnavailableException">It is not known whether the callback was closed. Call the method again.</exception>
    ValueTask<bool> CloseAsync(Person person, string? by, DateTimeOffset at, string? how = null, CancellationToken cancellationToken = default);
}

/// <summary>Selects open callbacks. A property that is null selects all.</summary>
public sealed class OpenCallbackFilter
{
    /// <summary>The <see cref="Person.Account"/>.</summary>
    public string? Account { get; init; }

    /// <summary>An instance on which at least one of the <see cref="PersonCallback.Calls"/> came in.</summary>
    public long? IdInstance { get; init; }
}
