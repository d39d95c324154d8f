using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>Polls one instance: receives a notification, passes it to the intake and deletes it, one after the other.</summary>
internal sealed class InstancePoller(CallInstance instance, PollerContext context)
{
    /// <summary>The minimum duration of a long poll. A shorter one means that the API does not hold the request.</summary>
    private static readonly TimeSpan MinPollDuration = TimeSpan.FromSeconds(1);

    /// <summary>The number of immediate empty responses that are tolerated. A longer series would become a busy loop.</summary>
    private const int MaxImmediateResponses = 3;

    private int _immediateResponses;
    private int? _lastFingerprintWithoutReceiptId;

    public CallInstance Instance { get; } = instance;

    public PollerStateTracker StateTracker { get; } = new(instance.IdInstance, context);

    /// <summary>Polls until a stop is requested.</summary>
    /// <param name="stopPolling">Cancels delays and long polls. A notification that was received is still accepted and deleted.</param>
    /// <param name="hostStopping">Cancels accepting as well, because the host stops. <paramref name="stopPolling"/> is canceled with it.</param>
    /// <param name="forceStop">Cancels a running deletion, because the grace period of the host is over.</param>
    public async Task RunAsync(CancellationToken stopPolling, CancellationToken hostStopping, CancellationToken forceStop)
    {
        context.Logger.PollerStarted(Instance.IdInstance);
        while (!stopPolling.IsCancellationRequested)
        {
            try
            {
                var wait = await PollOnceAsync(stopPolling, hostStopping, forceStop).ConfigureAwait(false);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, context.Time, stopPolling).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (IsStopping(stopPolling, hostStopping))
            {
                break;
            }
        }

        context.Logger.PollerEnded(Instance.IdInstance);
    }

    /// <summary>
    /// Whether the poller stops. <paramref name="stopPolling"/> is linked to <paramref name="hostStopping"/>, but a waiter for the latter
    /// may be notified before the link is.
    /// </summary>
    private static bool IsStopping(CancellationToken stopPolling, CancellationToken hostStopping) =>
        stopPolling.IsCancellationRequested || hostStopping.IsCancellationRequested;

    private async Task<TimeSpan> PollOnceAsync(CancellationToken stopPolling, CancellationToken hostStopping, CancellationToken forceStop)
    {
        try
        {
            var startedAt = context.Time.GetTimestamp();
            var result = await context.Client.ReceiveNotificationAsync(Instance, null, stopPolling).ConfigureAwait(false);
            if (!result.IsOk)
            {
                return StateTracker.RecordFailure("receiveNotification", result.Status, result.ToString());
            }

            if (result.Value is not { } notification)
            {
                return HandleEmptyResponse(result, context.Time.GetElapsedTime(startedAt));
            }

            _immediateResponses = 0;
            // If a stop was requested meanwhile, the notification remains in the queue.
            return stopPolling.IsCancellationRequested ? TimeSpan.Zero : await AcceptAndDeleteAsync(notification, stopPolling, hostStopping, forceStop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !IsStopping(stopPolling, hostStopping))
        {
            var wait = StateTracker.RecordStoreFailure();
            context.Logger.PollerFaulted(Instance.IdInstance, wait.TotalSeconds, e);
            return wait;
        }
    }

    private TimeSpan HandleEmptyResponse(GreenApiResult<ReceivedNotification> result, TimeSpan elapsed)
    {
        _immediateResponses = elapsed < MinPollDuration ? _immediateResponses + 1 : 0;
        if (_immediateResponses > MaxImmediateResponses && result.HttpStatus is 408 or 504)
        {
            return StateTracker.RecordFailure("receiveNotification", GreenApiStatus.GatewayError, result.ToString());
        }

        StateTracker.RecordSuccess();
        return _immediateResponses > MaxImmediateResponses ? MinPollDuration - elapsed : TimeSpan.Zero;
    }

    private async Task<TimeSpan> AcceptAndDeleteAsync(
        ReceivedNotification notification, CancellationToken stopPolling, CancellationToken hostStopping, CancellationToken forceStop)
    {
        var fingerprint = notification.ReceiptId is null ? ComputeFingerprint(notification.Utf8Json.Span) : (int?)null;
        if (fingerprint is null || fingerprint != _lastFingerprintWithoutReceiptId)
        {
            _lastFingerprintWithoutReceiptId = null;
            if (!await TryAcceptAsync(notification, hostStopping).ConfigureAwait(false))
            {
                return StateTracker.RecordStoreFailure();
            }
        }

        if (notification.ReceiptId is not { } receiptId)
        {
            // The same response is received with every poll. It is accepted only once, so that it does not fill the quarantine.
            _lastFingerprintWithoutReceiptId = fingerprint;
            var wait = StateTracker.RecordStoreFailure();
            context.Logger.ReceiptIdMissing(Instance.IdInstance, wait.TotalSeconds);
            return wait;
        }

        return await DeleteAsync(receiptId, stopPolling, forceStop).ConfigureAwait(false);
    }

    private async Task<bool> TryAcceptAsync(ReceivedNotification notification, CancellationToken hostStopping)
    {
        try
        {
            var request = new IntakeRequest { Utf8Json = notification.Utf8Json, IsTruncated = notification.IsTruncated };
            var result = await context.Intake.AcceptAsync(request, hostStopping).ConfigureAwait(false);
            if (!result.ShouldAcknowledge)
            {
                context.Logger.NotificationNotAcknowledged(Instance.IdInstance, result.Outcome, result.Reason);
            }

            return result.ShouldAcknowledge;
        }
        catch (CallInboxUnavailableException e)
        {
            context.Logger.NotificationNotStored(Instance.IdInstance, e);
            return false;
        }
    }

    private async Task<TimeSpan> DeleteAsync(long receiptId, CancellationToken stopPolling, CancellationToken forceStop)
    {
        while (true)
        {
            var result = await context.Client.DeleteNotificationAsync(Instance, receiptId, forceStop).ConfigureAwait(false);
            if (result.IsOk)
            {
                StateTracker.RecordSuccess();
                return TimeSpan.Zero;
            }

            var wait = StateTracker.RecordFailure("deleteNotification", result.Status, result.ToString());
            if (result.Status == GreenApiStatus.BadRequest || StateTracker.State is PollerState.Stopped or PollerState.Expired)
            {
                // Retrying the deletion does not help: the notification is received again, detected as a duplicate, and deleted then.
                return wait;
            }

            await Task.Delay(wait, context.Time, stopPolling).ConfigureAwait(false);
        }
    }

    private static int ComputeFingerprint(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}

/// <summary>The dependencies that all pollers share, so that each of thousands of pollers stores one reference.</summary>
internal sealed class PollerContext(
    GreenApiClient client, ICallIntake intake, LastKnownGoodOptions<GreenApiOptions> options, TimeProvider time, ILogger<InstancePoller> logger)
{
    public GreenApiClient Client { get; } = client;

    public ICallIntake Intake { get; } = intake;

    public LastKnownGoodOptions<GreenApiOptions> Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    /// <summary>Returns random numbers from 0 to 1 for jitter.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}
