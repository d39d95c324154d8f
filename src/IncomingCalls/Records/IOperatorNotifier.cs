namespace IncomingCalls;

/// <summary>
/// Alerts operators of a ringing call. Register it with
/// <see cref="Microsoft.Extensions.DependencyInjection.IncomingCallsBuilderExtensions.AddOperatorNotifier{T}"/>. A notifier is a handler with its
/// own name; other handlers and the acknowledgement do not wait for it.
/// </summary>
/// <remarks>
/// An alert is raised at once, with the caller's name if it is known already. A failed attempt is retried only until the alert expires, and
/// never becomes a dead letter. The methods are called sequentially for one call.
/// </remarks>
public interface IOperatorNotifier
{
    /// <summary>Shows the alert.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="cancellationToken">Signalled when the handler's timeout elapses or the host stops.</param>
    /// <returns>A task that completes when the alert is shown.</returns>
    ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken);

    /// <summary>Updates the alert with a name that was resolved after the alert was raised. Does nothing by default.</summary>
    /// <param name="alert">The alert with the name.</param>
    /// <param name="cancellationToken">Signalled when <see cref="IncomingCallsOptions.HandlerTimeout"/> elapses.</param>
    /// <returns>A task that completes when the alert is updated.</returns>
    ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Withdraws the alert because the call was answered or ended, or because the alert expired. It may also be called for a call whose offer
    /// this process has not received, because an earlier process may have raised the alert. Does nothing by default.
    /// </summary>
    /// <remarks>
    /// After a restart it is called only if the outcome arrives before the alert expires. A notifier whose alerts outlive the process hides them itself
    /// at <see cref="OperatorAlert.ExpiresAt"/>.
    /// </remarks>
    /// <param name="alert">The alert.</param>
    /// <param name="cancellationToken">Signalled when the handler's timeout elapses or the host stops.</param>
    /// <returns>A task that completes when the alert is withdrawn.</returns>
    ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>An alert of a ringing call.</summary>
public sealed class OperatorAlert
{
    /// <summary>The <see cref="CallEvent.Id"/> of the offer. It is the same when the alert is raised, updated and withdrawn.</summary>
    public required string EventId { get; init; }

    /// <summary>The call.</summary>
    public required Call Call { get; init; }

    /// <summary>The chat with the caller; null when the gateway named no caller.</summary>
    public ChatId? ChatId { get; init; }

    /// <summary>The caller, with the name if it is known.</summary>
    public required Caller Caller { get; init; }

    /// <inheritdoc cref="CallEvent.Person"/>
    public Person? Person
    {
        get => field ?? Person.Of(Caller.ChatId, Call.Key.IdInstance, account: null);
        init;
    }

    /// <summary>When the call began to ring, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When the alert expires if it is not withdrawn before, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
