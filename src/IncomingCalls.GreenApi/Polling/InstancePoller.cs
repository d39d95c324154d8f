namespace IncomingCalls;

/// <summary>Receives, hands over and deletes, one notification after the other, for one instance.</summary>
internal sealed class InstancePoller(CallInstance instance, PollerContext context)
{
    /// <summary>A wait shorter than this was none: the API does not hold the request.</summary>
    private static readonly TimeSpan Hasty = TimeSpan.FromSeconds(1);

    /// <summary>One empty answer at once is a chance, a series of them is a busy loop.</summary>
    private const int HastyAllowed = 3;

    private int _hastyAnswers;
    private int? _lastWithoutReceipt;

    public CallInstance Instance { get; } = instance;

    public PollerCondition Condition { get; } = new(instance.IdInstance, context);

    /// <summary>Polls until it is told to leave.</summary>
    /// <param name="leaving">Ends waits and long polls; a notification under way is still handed over and deleted.</param>
    /// <param name="stopping">The host stops: ends the hand-over too, and <paramref name="leaving"/> is signalled with it.</param>
    /// <param name="cut">The host has waited long enough: ends a deletion under way.</param>
    public async Task RunAsync(CancellationToken leaving, CancellationToken stopping, CancellationToken cut)
    {
        context.Logger.PollerStarted(Instance.IdInstance);
        while (!leaving.IsCancellationRequested)
        {
            try
            {
                var wait = await TurnAsync(leaving, stopping, cut).ConfigureAwait(false);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, context.Time, leaving).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (IsOver(leaving, stopping))
            {
                break;
            }
        }

        context.Logger.PollerLeft(Instance.IdInstance);
    }

    /// <summary>Leaving follows from stopping, but what waits for the latter hears of it first.</summary>
    private static bool IsOver(CancellationToken leaving, CancellationToken stopping) =>
        leaving.IsCancellationRequested || stopping.IsCancellationRequested;

    private async Task<TimeSpan> TurnAsync(CancellationToken leaving, CancellationToken stopping, CancellationToken cut)
    {
        try
        {
            var begun = context.Time.GetTimestamp();
            var answer = await context.Client.ReceiveNotificationAsync(Instance, null, leaving).ConfigureAwait(false);
            if (!answer.IsOk)
            {
                return Condition.Failed("receiveNotification", answer.Status, answer.ToString());
            }

            if (answer.Value is not { } notification)
            {
                return AfterEmpty(answer, context.Time.GetElapsedTime(begun));
            }

            _hastyAnswers = 0;
            // Told to leave at this very moment: it stays in the queue, untouched.
            return leaving.IsCancellationRequested ? TimeSpan.Zero : await TakeAsync(notification, leaving, stopping, cut).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !IsOver(leaving, stopping))
        {
            var wait = Condition.Kept();
            context.Logger.PollerFaulted(Instance.IdInstance, wait.TotalSeconds, e);
            return wait;
        }
    }

    private TimeSpan AfterEmpty(GreenApiResult<ReceivedNotification> answer, TimeSpan elapsed)
    {
        _hastyAnswers = elapsed < Hasty ? _hastyAnswers + 1 : 0;
        if (_hastyAnswers > HastyAllowed && answer.HttpStatus is 408 or 504)
        {
            return Condition.Failed("receiveNotification", GreenApiStatus.GatewayError, answer.ToString());
        }

        Condition.Succeeded();
        return _hastyAnswers > HastyAllowed ? Hasty - elapsed : TimeSpan.Zero;
    }

    private async Task<TimeSpan> TakeAsync(
        ReceivedNotification notification, CancellationToken leaving, CancellationToken stopping, CancellationToken cut)
    {
        var fingerprint = notification.ReceiptId is null ? Fingerprint(notification.Utf8Json.Span) : (int?)null;
        if (fingerprint is null || fingerprint != _lastWithoutReceipt)
        {
            _lastWithoutReceipt = null;
            if (!await IsKeptAsync(notification, stopping).ConfigureAwait(false))
            {
                return Condition.Kept();
            }
        }

        if (notification.ReceiptId is not { } receiptId)
        {
            // It comes again with every poll, and need not fill the quarantine.
            _lastWithoutReceipt = fingerprint;
            var wait = Condition.Kept();
            context.Logger.NoReceiptId(Instance.IdInstance, wait.TotalSeconds);
            return wait;
        }

        return await DeleteAsync(receiptId, leaving, cut).ConfigureAwait(false);
    }

    private async Task<bool> IsKeptAsync(ReceivedNotification notification, CancellationToken stopping)
    {
        try
        {
            var request = new IntakeRequest { Utf8Json = notification.Utf8Json, IsTruncated = notification.IsTruncated };
            var result = await context.Intake.AcceptAsync(request, stopping).ConfigureAwait(false);
            // What no inbox can read blocks every call behind it: quarantined, it goes, whatever a webhook would be told.
            var isDone = result.ShouldAcknowledge || result.Outcome == IntakeOutcome.Quarantined;
            if (!isDone)
            {
                context.Logger.NotAcknowledged(Instance.IdInstance, result.Outcome, result.Reason);
            }

            return isDone;
        }
        catch (CallInboxUnavailableException e)
        {
            context.Logger.NotKept(Instance.IdInstance, e);
            return false;
        }
    }

    private async Task<TimeSpan> DeleteAsync(long receiptId, CancellationToken leaving, CancellationToken cut)
    {
        while (true)
        {
            var answer = await context.Client.DeleteNotificationAsync(Instance, receiptId, cut).ConfigureAwait(false);
            if (answer.IsOk)
            {
                Condition.Succeeded();
                return TimeSpan.Zero;
            }

            var wait = Condition.Failed("deleteNotification", answer.Status, answer.ToString());
            if (answer.Status == GreenApiStatus.BadRequest || Condition.State == PollerState.Stopped)
            {
                // Nothing to be gained by insisting: it is received again, recognised as a repeat, and deleted then.
                return wait;
            }

            await Task.Delay(wait, context.Time, leaving).ConfigureAwait(false);
        }
    }

    private static int Fingerprint(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
