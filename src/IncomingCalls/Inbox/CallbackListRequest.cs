using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>The validated arguments of <see cref="ICallbacks.ListAsync"/>, for authors of inboxes.</summary>
[Experimental("ICEXP001")]
public sealed class CallbackListRequest
{
    private const int MaxLimit = 1_000;

    private readonly long? _idInstance;

    private CallbackListRequest(OpenCallbackFilter filter, int limit, OpenCallback? after) =>
        (Account, _idInstance, Limit, AfterMissedAt, AfterId) = (filter.Account, filter.IdInstance, limit, after?.FirstMissedAt, after?.Id);

    /// <summary>The account of the persons; null for all.</summary>
    public string? Account { get; }

    /// <summary>The maximum number of callbacks.</summary>
    public int Limit { get; }

    /// <summary>The <see cref="PersonCallback.FirstMissedAt"/> that the page begins after; null for the first page.</summary>
    public DateTimeOffset? AfterMissedAt { get; }

    /// <summary>The <see cref="OpenCallback.Id"/> that the page begins after, among the callbacks with <see cref="AfterMissedAt"/>; null for the first page.</summary>
    public long? AfterId { get; }

    /// <summary>Validates the arguments.</summary>
    /// <param name="filter">Which callbacks; null for all.</param>
    /// <param name="limit">The maximum number of callbacks, 1 to 1000.</param>
    /// <param name="after">The last callback of the previous page; null for the first page.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not between 1 and 1000.</exception>
    public static CallbackListRequest Create(OpenCallbackFilter? filter, int limit, OpenCallback? after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        return new(filter ?? new(), limit, after);
    }

    /// <summary>Returns whether the filter selects a callback.</summary>
    /// <param name="callback">The callback.</param>
    /// <returns>Whether it belongs to the page, as far as its position allows.</returns>
    public bool Selects(OpenCallback callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return (Account is null || callback.Person.Account == Account) && (_idInstance is not { } instance || callback.IdInstances.Contains(instance));
    }
}
