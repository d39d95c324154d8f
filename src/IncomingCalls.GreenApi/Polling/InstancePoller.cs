using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Polling;

/// <summary>Receives, hands over and deletes, one notification after the other, for one instance.</summary>
internal sealed class InstancePoller(CallInstance instance, PollerContext context)
{
    /// <summary>A wait shorter than this was none: the API does not hold the request.</summary>
    private static readonly TimeSpan MinPollDuration = TimeSpan.FromSeconds(1);

    /// <summary>One empty answer at once is a chance, a series of them is a busy loop.</summary>
    private const int MaxImmediateResponses = 3;

    private int _immediateResponses;
    private int? _lastFingerprintWithoutReceiptId;

    public CallInstance Instance { get; } = instance;

    public PollerStateTracker StateTracker { get; } = new(instance.IdInstance, context);

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
                var wait = await PollOnceAsync(leaving, stopping, cut).ConfigureAwait(false);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, context.Time, leaving).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (IsStopping(leaving, stopping))
            {
                break;
            }
        }

        context.Logger.PollerEnded(Instance.IdInstance);
    }

    /// <summary>Leaving follows from stopping, but what waits for the latter hears of it first.</summary>
    private static bool IsStopping(CancellationToken leaving, CancellationToken stopping) =>
        leaving.IsCancellationRequested || stopping.IsCancellationRequested;

    private async Task<TimeSpan> PollOnceAsync(CancellationToken leaving, CancellationToken stopping, CancellationToken cut)
    {
        try
        {
            var begun = context.Time.GetTimestamp();
            var answer = await context.Client.ReceiveNotificationAsync(Instance, null, leaving).ConfigureAwait(false);
            if (!answer.IsOk)
            {
                return StateTracker.RecordFailure("receiveNotification", answer.Status, answer.ToString());
            }

            if (answer.Value is not { } notification)
            {
                return HandleEmptyResponse(answer, context.Time.GetElapsedTime(begun));
            }

            _immediateResponses = 0;
            // Told to leave at this very moment: it stays in the queue, untouched.
            return leaving.IsCancellationRequested ? TimeSpan.Zero : await AcceptAndDeleteAsync(notification, leaving, stopping, cut).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !IsStopping(leaving, stopping))
        {
            var wait = StateTracker.RecordStoreFailure();
            context.Logger.PollerFaulted(Instance.IdInstance, wait.TotalSeconds, e);
            return wait;
        }
    }

    private TimeSpan HandleEmptyResponse(GreenApiResult<ReceivedNotification> answer, TimeSpan elapsed)
    {
        _immediateResponses = elapsed < MinPollDuration ? _immediateResponses + 1 : 0;
        if (_immediateResponses > MaxImmediateResponses && answer.HttpStatus is 408 or 504)
        {
            return StateTracker.RecordFailure("receiveNotification", GreenApiStatus.GatewayError, answer.ToString());
        }

        StateTracker.RecordSuccess();
        return _immediateResponses > MaxImmediateResponses ? MinPollDuration - elapsed : TimeSpan.Zero;
    }

    private async Task<TimeSpan> AcceptAndDeleteAsync(
        ReceivedNotification notification, CancellationToken leaving, CancellationToken stopping, CancellationToken cut)
    {
        var fingerprint = notification.ReceiptId is null ? ComputeFingerprint(notification.Utf8Json.Span) : (int?)null;
        if (fingerprint is null || fingerprint != _lastFingerprintWithoutReceiptId)
        {
            _lastFingerprintWithoutReceiptId = null;
            if (!await TryAcceptAsync(notification, stopping).ConfigureAwait(false))
            {
                return StateTracker.RecordStoreFailure();
            }
        }

        if (notification.ReceiptId is not { } receiptId)
        {
            // It comes again with every poll, and need not fill the quarantine.
            _lastFingerprintWithoutReceiptId = fingerprint;
            var wait = StateTracker.RecordStoreFailure();
            context.Logger.ReceiptIdMissing(Instance.IdInstance, wait.TotalSeconds);
            return wait;
        }

        return await DeleteAsync(receiptId, leaving, cut).ConfigureAwait(false);
    }

    private async Task<bool> TryAcceptAsync(ReceivedNotification notification, CancellationToken stopping)
    {
        try
        {
            var request = new IntakeRequest { Utf8Json = notification.Utf8Json, IsTruncated = notification.IsTruncated };
            var result = await context.Intake.AcceptAsync(request, stopping).ConfigureAwait(false);
            // What no inbox can read blocks every call behind it: quarantined, it goes, whatever a webhook would be told.
            var isDone = result.ShouldAcknowledge || result.Outcome == IntakeOutcome.Quarantined;
            if (!isDone)
            {
                context.Logger.NotificationNotAcknowledged(Instance.IdInstance, result.Outcome, result.Reason);
            }

            return isDone;
        }
        catch (CallInboxUnavailableException e)
        {
            context.Logger.NotificationNotStored(Instance.IdInstance, e);
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
                StateTracker.RecordSuccess();
                return TimeSpan.Zero;
            }

            var wait = StateTracker.RecordFailure("deleteNotification", answer.Status, answer.ToString());
            if (answer.Status == GreenApiStatus.BadRequest || StateTracker.State == PollerState.Stopped)
            {
                // Nothing to be gained by insisting: it is received again, recognised as a repeat, and deleted then.
                return wait;
            }

            await Task.Delay(wait, context.Time, leaving).ConfigureAwait(false);
        }
    }

    private static int ComputeFingerprint(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}

/// <summary>What all pollers share; thousands of them keep one reference each.</summary>
internal sealed class PollerContext(
    GreenApiClient client, ICallIntake intake, LastKnownGoodOptions<GreenApiOptions> options, TimeProvider time, ILogger<InstancePoller> logger)
{
    public GreenApiClient Client { get; } = client;

    public ICallIntake Intake { get; } = intake;

    public LastKnownGoodOptions<GreenApiOptions> Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    /// <summary>Numbers from 0 to 1 for jitter.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;
}
