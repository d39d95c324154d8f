namespace IncomingCalls;

/// <summary>Actions of <see cref="ICallInboxAdministration"/> on one item.</summary>
public static class CallInboxAdministrationExtensions
{
    /// <summary>
    /// Requests the replay of one dead letter. What has waited for an unavailable destination for longer than <see cref="CallHandlerOptions.MaxPause"/> becomes a dead letter again, without
    /// an attempt, until the pause has ended.
    /// </summary>
    /// <param name="administration">The administration of the inbox.</param>
    /// <param name="id">The <see cref="DeadLetter.Id"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is 1; 0 when there is no such dead letter.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    public static ValueTask<int> ReplayDeadLettersAsync(this ICallInboxAdministration administration, long id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(administration);
        return administration.ReplayDeadLettersAsync(new InboxFilter { Id = id }, performedBy: null, cancellationToken);
    }

    /// <summary>Deletes one dead letter permanently.</summary>
    /// <param name="administration">The administration of the inbox.</param>
    /// <param name="id">The <see cref="DeadLetter.Id"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is 1; 0 when there is no such dead letter.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    public static ValueTask<int> PurgeDeadLettersAsync(this ICallInboxAdministration administration, long id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(administration);
        return administration.PurgeDeadLettersAsync(new InboxFilter { Id = id }, performedBy: null, cancellationToken);
    }

    /// <summary>Requests the replay of one quarantined notification.</summary>
    /// <param name="administration">The administration of the inbox.</param>
    /// <param name="id">The <see cref="QuarantineItem.Id"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is 1; 0 when there is no such notification.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    public static ValueTask<int> ReplayQuarantineAsync(this ICallInboxAdministration administration, long id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(administration);
        return administration.ReplayQuarantineAsync(new InboxFilter { Id = id }, performedBy: null, cancellationToken);
    }

    /// <summary>Deletes one quarantined notification permanently.</summary>
    /// <param name="administration">The administration of the inbox.</param>
    /// <param name="id">The <see cref="QuarantineItem.Id"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task whose result is 1; 0 when there is no such notification.</returns>
    /// <exception cref="CallInboxUnavailableException">The store cannot be written.</exception>
    public static ValueTask<int> PurgeQuarantineAsync(this ICallInboxAdministration administration, long id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(administration);
        return administration.PurgeQuarantineAsync(new InboxFilter { Id = id }, performedBy: null, cancellationToken);
    }
}
