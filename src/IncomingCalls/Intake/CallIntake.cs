using System.Diagnostics;
using IncomingCalls.Inbox;
using IncomingCalls.Instances;
using IncomingCalls.Policies;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Intake;

/// <summary>Reads notifications and routes them: calls to the inbox, other types to their handlers, unreadable ones to the quarantine.</summary>
internal sealed class CallIntake(
    ICallInbox inbox,
    OtherNotificationDispatcher otherNotifications,
    CallPolicyEvaluator policy,
    PolicyFailures policyFailures,
    ICallInstances instances,
    CatchUpTracker catchUp,
    InstanceActivityTracker activity,
    SharedAccounts accounts,
    IEnumerable<IOwnIdentities> ownIdentities,
    TimeProvider time,
    CallMetrics metrics,
    ILogger<CallIntake> logger) : ICallIntake
{
    private readonly TimeProvider _clock = inbox.Clock ?? time;
    private readonly IOwnIdentities[] _ownIdentities = [.. ownIdentities];

    public ValueTask<IntakeResult> AcceptAsync(ReadOnlyMemory<byte> utf8Json, CancellationToken cancellationToken = default) =>
        AcceptAsync(new IntakeRequest { Utf8Json = utf8Json }, cancellationToken);

    public async ValueTask<IntakeResult> AcceptAsync(IntakeRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var span = CallActivities.StartAccept();
        long? idInstance = null;
        try
        {
            var result = await RouteAsync(request, out idInstance, cancellationToken).ConfigureAwait(false);
            span?.SetTag(CallTags.Outcome, result.Outcome.ToString());
            metrics.RecordAccepted(result.Outcome, result.Outcome is IntakeOutcome.Refused or IntakeOutcome.Quarantined ? null : idInstance);
            return result;
        }
        catch (CallInboxUnavailableException)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            metrics.RecordNotAccepted();
            throw;
        }
    }

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => inbox.WaitUntilReadyAsync(cancellationToken);

    /// <param name="request">The request.</param>
    /// <param name="idInstance">The instance that the notification names; null for none.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    private ValueTask<IntakeResult> RouteAsync(IntakeRequest request, out long? idInstance, CancellationToken cancellationToken)
    {
        var receivedAt = _clock.GetUtcNow();
        idInstance = null;
        if (request.IsTruncated)
        {
            return QuarantineBeginningAsync(request, null, receivedAt, cancellationToken);
        }

        var reading = NotificationReader.Read(request.Utf8Json.Span);
        idInstance = reading.IdInstance;
        if (request.ExpectedIdInstances is { } expected && reading.IdInstance is { } actualId && !expected.Contains(actualId))
        {
            var expectedId = expected.FirstOrDefault();
            logger.InstanceMismatch(actualId, expectedId);
            return new(new IntakeResult { Outcome = IntakeOutcome.Refused, ShouldAcknowledge = false, Reason = $"The token or route belongs to instance {expectedId}." });
        }

        if (request.Utf8Json.Length > request.SizeLimit && reading.Kind != NotificationKind.OtherType)
        {
            return QuarantineBeginningAsync(request, reading.IdInstance, receivedAt, cancellationToken);
        }

        var body = request.Utf8Json[reading.Body];
        return reading.Kind switch
        {
            NotificationKind.NotANotification =>
                QuarantineAsync(body, QuarantineReason.NotANotification, reading.Reason!, null, receivedAt, cancellationToken),
            NotificationKind.NotUnderstood =>
                QuarantineAsync(body, QuarantineReason.NotUnderstood, reading.Reason!, reading.IdInstance, receivedAt, cancellationToken),
            _ => AdmitAsync(request, reading, body, receivedAt, cancellationToken),
        };
    }

    private async ValueTask<IntakeResult> AdmitAsync(
        IntakeRequest request, NotificationReading reading, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        if (reading.IdInstance is { } idInstance && !await IsKnownAsync(idInstance, cancellationToken).ConfigureAwait(false))
        {
            logger.UnknownInstance(idInstance);
            return new() { Outcome = IntakeOutcome.Refused, Reason = $"Instance {idInstance} is not known to this host." };
        }

        RecordReceipt(reading, receivedAt);
        return reading.Call is { } call
            ? await AcceptCallAsync(call, body, receivedAt, cancellationToken).ConfigureAwait(false)
            : await AcceptOtherTypeAsync(request, reading, body, receivedAt).ConfigureAwait(false);
    }

    private async ValueTask<bool> IsKnownAsync(long idInstance, CancellationToken cancellationToken)
    {
        if (!instances.AreListed || instances.Find(idInstance) is not null)
        {
            return true;
        }

        try
        {
            return await instances.FindAsync(idInstance, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new CallInboxUnavailableException($"The instance source failed, so it could not be determined whether instance {idInstance} is known.", e);
        }
    }

    private void RecordReceipt(NotificationReading reading, DateTimeOffset receivedAt)
    {
        // Until the inbox is open, it accepts nothing, and its clock may be that of a node that is wrong.
        if (reading.IdInstance is not { } idInstance || !inbox.WaitUntilReadyAsync(CancellationToken.None).IsCompleted)
        {
            return;
        }

        activity.RecordReceipt(idInstance, receivedAt);
        var lag = receivedAt - reading.Timestamp;
        inbox.RecordReceipt(idInstance, receivedAt, lag);
        if (lag is { } late)
        {
            catchUp.RecordLag(idInstance, late);
            metrics.RecordLag(idInstance, late);
        }
    }

    private async ValueTask<IntakeResult> AcceptCallAsync(
        IncomingCallNotification call, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        accounts.Record(call);
        CallDecision decision;
        try
        {
            decision = policy.Decide(new() { Kind = CallFact.KindOf(call), IdInstance = call.Instance.IdInstance, Notification = call });
        }
        catch (CallPolicyException e)
        {
            // Without a durable quarantine the gateway's queue retains the notification until the policy is fixed.
            if (!inbox.IsDurable && !policyFailures.RecordFailure(call.Instance.IdInstance, body.Span))
            {
                throw new CallInboxUnavailableException($"{e.Message} The gateway sends the notification again.", e);
            }

            return await QuarantineAsync(body, QuarantineReason.PolicyFailed, e.Message, call.Instance.IdInstance, receivedAt, cancellationToken).ConfigureAwait(false);
        }

        if (decision.Kind == CallDecisionKind.Discard)
        {
            return new() { Outcome = IntakeOutcome.Discarded };
        }

        // Handlers run later, without the activity of the receipt.
        var receipt = Activity.Current;
        try
        {
            return await inbox.AcceptAsync(
                new()
                {
                    Notification = call,
                    Decision = decision,
                    ReceivedAt = receivedAt,
                    IsFromOwnId = IsFromOwnId(call),
                    TraceParent = receipt?.Id,
                    TraceState = receipt?.TraceStateString,
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (UnreadableCallException e)
        {
            return await QuarantineAsync(body, QuarantineReason.CallUnreadable, e.Message, call.Instance.IdInstance, receivedAt, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Outgoing calls are from the called chat, which can be the account itself.</summary>
    private bool IsFromOwnId(IncomingCallNotification call) =>
        call is { Direction: CallDirection.Incoming, From: { } from } && Array.Exists(_ownIdentities, own => own.IsOwn(call.Instance.IdInstance, from));

    private async ValueTask<IntakeResult> AcceptOtherTypeAsync(IntakeRequest request, NotificationReading reading, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        if (!request.HandlesOtherTypes)
        {
            await otherNotifications.DispatchAsync(reading, body, receivedAt).ConfigureAwait(false);
        }

        return new() { Outcome = IntakeOutcome.OtherType };
    }

    private ValueTask<IntakeResult> QuarantineBeginningAsync(IntakeRequest request, long? idInstance, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        var beginning = request.Utf8Json[..Math.Min(request.Utf8Json.Length, request.SizeLimit)];
        return QuarantineAsync(
            beginning, QuarantineReason.Truncated, $"The document is longer than {request.SizeLimit} bytes; only its beginning is stored.", idInstance, receivedAt, cancellationToken);
    }

    private async ValueTask<IntakeResult> QuarantineAsync(
        ReadOnlyMemory<byte> bytes, QuarantineReason reason, string explanation, long? idInstance, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        await inbox.QuarantineAsync(
            new() { Reason = reason, Explanation = explanation, Utf8Json = bytes, ReceivedAt = receivedAt, IdInstance = idInstance },
            cancellationToken).ConfigureAwait(false);
        return new() { Outcome = IntakeOutcome.Quarantined, Reason = explanation };
    }
}
