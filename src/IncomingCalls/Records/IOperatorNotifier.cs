namespace IncomingCalls;

/// <summary>Tells operators that somebody rings. It is a handler with a name of its own, but it never holds anything up.</summary>
/// <remarks>
/// Raised at once with the name that is known; a failed attempt is repeated only until the alert expires, and never becomes a
/// dead letter. For one call the three methods are called one after another, never at the same time.
/// </remarks>
public interface IOperatorNotifier
{
    /// <summary>Shows the alert.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="cancellationToken">Signalled when the time limit passes or the host stops.</param>
    /// <returns>When it is shown.</returns>
    ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken);

    /// <summary>Shows a name that was found after the alert was raised. Does nothing by default.</summary>
    /// <param name="alert">The alert with the name.</param>
    /// <param name="cancellationToken">Signalled when the time limit passes or the host stops.</param>
    /// <returns>When it is shown.</returns>
    ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Takes the alert away: the call was answered, ended, or the alert expired. It may also be told of a call whose offer this
    /// process never saw, since an earlier one may have raised the alert. Does nothing by default.
    /// </summary>
    /// <param name="alert">The alert.</param>
    /// <param name="cancellationToken">Signalled when the time limit passes or the host stops.</param>
    /// <returns>When it is gone.</returns>
    ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>Somebody rings now.</summary>
public sealed class OperatorAlert
{
    /// <summary>The identity of the offer: the same when the alert is raised, updated and withdrawn.</summary>
    public required string EventId { get; init; }

    /// <summary>The call.</summary>
    public required Call Call { get; init; }

    /// <summary>The caller's chat; null when the gateway named nobody.</summary>
    public ChatId? ChatId { get; init; }

    /// <summary>Who rings, with the name as far as it is known.</summary>
    public required Caller Caller { get; init; }

    /// <summary>When it began to ring, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When the alert is over at the latest, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
