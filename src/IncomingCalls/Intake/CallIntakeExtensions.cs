namespace IncomingCalls;

/// <summary>Conveniences around <see cref="ICallIntake"/>.</summary>
public static class CallIntakeExtensions
{
    /// <summary>Takes a notification that the host has as an object, by writing its wire form.</summary>
    /// <param name="intake">The intake.</param>
    /// <param name="notification">The notification.</param>
    /// <param name="cancellationToken">Ends the wait of the transport; handlers that run already go on.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="CallInboxUnavailableException">Nothing could be kept: do not acknowledge.</exception>
    public static ValueTask<IntakeResult> AcceptAsync(
        this ICallIntake intake, IncomingCallNotification notification, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(intake);
        ArgumentNullException.ThrowIfNull(notification);
        return intake.AcceptAsync(NotificationWriter.Write(notification), cancellationToken);
    }
}
