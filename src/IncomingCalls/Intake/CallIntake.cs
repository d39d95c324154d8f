using System.Diagnostics;
using IncomingCalls.Inbox;
using IncomingCalls.Instances;
using IncomingCalls.Policies;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Intake;

/// <summary>Reads what arrives and sends it on its way: calls to the inbox, other types to the host, the unreadable to quarantine.</summary>
internal sealed class CallIntake(
    ICallInbox inbox,
    OtherNotificationDispatcher foreign,
    CallPolicyEvaluator policy,
    ICallInstances instances,
    CatchUpTracker backlog,
    InstanceActivityTracker receipts,
    TimeProvider time,
    CallMetrics metrics,
    ILogger<CallIntake> logger) : ICallIntake
{
    public ValueTask<IntakeResult> AcceptAsync(ReadOnlyMemory<byte> utf8Json, CancellationToken cancellationToken = default) =>
        AcceptAsync(new IntakeRequest { Utf8Json = utf8Json }, cancellationToken);

    public async ValueTask<IntakeResult> AcceptAsync(IntakeRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var activity = CallActivities.StartAccept();
        try
        {
            var result = await RouteAsync(request, cancellationToken).ConfigureAwait(false);
            activity?.SetTag(CallTags.Outcome, result.Outcome.ToString());
            metrics.RecordAccepted(result.Outcome);
            return result;
        }
        catch (CallInboxUnavailableException)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            metrics.RecordNotAccepted();
            throw;
        }
    }

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => inbox.WaitUntilReadyAsync(cancellationToken);

    private ValueTask<IntakeResult> RouteAsync(IntakeRequest request, CancellationToken cancellationToken)
    {
        var receivedAt = time.GetUtcNow();
        if (request.IsTruncated)
        {
            return QuarantineAsync(request.Utf8Json, QuarantineReason.Truncated, "Longer than accepted; this is its beginning.", null, receivedAt, cancellationToken);
        }

        var reading = NotificationReader.Read(request.Utf8Json.Span);
        if (request.ExpectedIdInstances is { } expected && reading.IdInstance is { } named && !expected.Contains(named))
        {
            var owner = expected.FirstOrDefault();
            logger.InstanceMismatch(named, owner);
            return new(new IntakeResult { Outcome = IntakeOutcome.Refused, ShouldAcknowledge = false, Reason = $"The token or route belongs to instance {owner}." });
        }

        var body = request.Utf8Json[reading.Body];
        return reading.Kind switch
        {
            NotificationKind.NotANotification =>
                QuarantineAsync(body, QuarantineReason.NotANotification, reading.Reason!, null, receivedAt, cancellationToken),
            NotificationKind.NotUnderstood =>
                QuarantineAsync(body, QuarantineReason.NotUnderstood, reading.Reason!, reading.IdInstance, receivedAt, cancellationToken),
            _ => AdmitAsync(reading, body, receivedAt, cancellationToken),
        };
    }

    private async ValueTask<IntakeResult> AdmitAsync(
        NotificationReading reading, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        if (reading.IdInstance is { } idInstance && !await IsKnownAsync(idInstance, cancellationToken).ConfigureAwait(false))
        {
            logger.UnknownInstance(idInstance);
            return new() { Outcome = IntakeOutcome.Refused, Reason = $"Instance {idInstance} is not known here." };
        }

        RecordReceipt(reading, receivedAt);
        return reading.Call is { } call
            ? await AcceptCallAsync(call, body, receivedAt, cancellationToken).ConfigureAwait(false)
            : await AcceptOtherTypeAsync(reading, body, receivedAt).ConfigureAwait(false);
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
            throw new CallInboxUnavailableException($"Whether instance {idInstance} is known cannot be told: the instance source failed.", e);
        }
    }

    private void RecordReceipt(NotificationReading reading, DateTimeOffset receivedAt)
    {
        if (reading.IdInstance is not { } idInstance)
        {
            return;
        }

        receipts.RecordReceipt(idInstance, receivedAt);
        if (reading.Timestamp is { } timestamp)
        {
            var lag = receivedAt - timestamp;
            backlog.RecordLag(idInstance, lag);
            metrics.RecordLag(lag);
        }
    }

    private async ValueTask<IntakeResult> AcceptCallAsync(
        IncomingCallNotification call, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        CallDecision decision;
        try
        {
            decision = policy.Decide(new() { Kind = CallFact.KindOf(call.Status), IdInstance = call.Instance.IdInstance, Notification = call });
        }
        catch (CallPolicyException e)
        {
            return await QuarantineAsync(body, QuarantineReason.PolicyFailed, e.Message, call.Instance.IdInstance, receivedAt, cancellationToken).ConfigureAwait(false);
        }

        if (decision.Kind == CallDecisionKind.Discard)
        {
            return new() { Outcome = IntakeOutcome.Discarded };
        }

        // Only what is handled after the receipt needs to be told whose receipt it was; the text of an id is made when asked for.
        var receipt = inbox.IsDurable ? Activity.Current : null;
        return await inbox.AcceptAsync(
            new() { Notification = call, Decision = decision, ReceivedAt = receivedAt, TraceParent = receipt?.Id, TraceState = receipt?.TraceStateString },
            cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<IntakeResult> AcceptOtherTypeAsync(NotificationReading reading, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        await foreign.DispatchAsync(reading, body, receivedAt).ConfigureAwait(false);
        return new() { Outcome = IntakeOutcome.OtherType };
    }

    private async ValueTask<IntakeResult> QuarantineAsync(
        ReadOnlyMemory<byte> bytes, QuarantineReason reason, string explanation, long? idInstance, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        await inbox.QuarantineAsync(
            new() { Reason = reason, Explanation = explanation, Utf8Json = bytes, ReceivedAt = receivedAt, IdInstance = idInstance },
            cancellationToken).ConfigureAwait(false);
        return new()
        {
            Outcome = IntakeOutcome.Quarantined,
            // What is no notification at all may be somebody's mistake: where the quarantine does not last, the sender is told.
            ShouldAcknowledge = inbox.IsDurable || reason != QuarantineReason.NotANotification,
            Reason = explanation,
        };
    }
}
