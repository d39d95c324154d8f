using System.Globalization;

namespace IncomingCalls.GreenApi.Doctor;

/// <summary>Whether the queue moves, and whether anybody else takes from it. Nothing is deleted.</summary>
internal static class QueueCheck
{
    public static async Task CheckLengthAsync(Examination examination, CancellationToken cancellationToken)
    {
        var answer = await examination.Client.GetWebhooksCountAsync(examination.Instance, cancellationToken).ConfigureAwait(false);
        if (!answer.IsOk)
        {
            // Not of every server, and of no importance where everything else is answered.
            examination.AddFinding(DoctorFindingCode.QueueUnknown, $"getWebhooksCount was answered {answer}.");
            return;
        }

        var code = answer.Value == 0 ? DoctorFindingCode.QueueEmpty
            : answer.Value < examination.Options.LongQueueThreshold ? DoctorFindingCode.QueueWaiting
            : DoctorFindingCode.QueueLong;
        examination.AddFinding(code, string.Create(CultureInfo.InvariantCulture, $"Waiting notifications: {answer.Value}."));
    }

    /// <summary>
    /// Receives the head of the queue twice. It is handed out again and again until somebody deletes it, which we do not: so if
    /// another one comes the second time, or none, somebody else did.
    /// </summary>
    public static async Task CheckConsumersAsync(Examination examination, TimeSpan watch, CancellationToken cancellationToken)
    {
        var first = await ReceiveAsync(examination, cancellationToken).ConfigureAwait(false);
        if (first is null)
        {
            return;
        }

        if (first.Value?.ReceiptId is not { } head)
        {
            examination.AddFinding(DoctorFindingCode.ConsumerUnchecked, "No notification waited.");
            return;
        }

        await Task.Delay(watch, examination.Time, cancellationToken).ConfigureAwait(false);
        if (await ReceiveAsync(examination, cancellationToken).ConfigureAwait(false) is { } second)
        {
            var isStill = second.Value?.ReceiptId == head;
            examination.AddFinding(
                isStill ? DoctorFindingCode.ConsumerAlone : DoctorFindingCode.ConsumerSecond,
                isStill ? "The same notification was handed out twice." : "A notification left the queue while it was watched, and not through us.");
        }
    }

    /// <returns>The answer; null when it was a failure, which is noted.</returns>
    private static async Task<GreenApiResult<ReceivedNotification>?> ReceiveAsync(Examination examination, CancellationToken cancellationToken)
    {
        var answer = await examination.Client
            .ReceiveNotificationAsync(examination.Instance, GreenApiOptions.MinReceiveTimeout, cancellationToken).ConfigureAwait(false);
        if (answer.IsOk)
        {
            return answer;
        }

        examination.AddFailure("receiveNotification", answer);
        return null;
    }
}
