using System.Globalization;

namespace IncomingCalls.GreenApi.Doctor;

/// <summary>Checks the length of the queue, and whether another consumer takes notifications from it. Nothing is deleted.</summary>
internal static class QueueCheck
{
    public static async Task CheckLengthAsync(Examination examination, CancellationToken cancellationToken)
    {
        var result = await examination.SendAsync(client => client.GetWebhooksCountAsync(examination.Instance, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (!result.IsOk)
        {
            // Not every server supports this method, and the other checks do not depend on it.
            examination.AddFinding(DoctorFindingCode.QueueUnknown, $"getWebhooksCount returned {result}.");
            return;
        }

        var code = result.Value == 0 ? DoctorFindingCode.QueueEmpty
            : result.Value < examination.Options.LongQueueThreshold ? DoctorFindingCode.QueueWaiting
            : DoctorFindingCode.QueueLong;
        examination.AddFinding(code, string.Create(CultureInfo.InvariantCulture, $"The number of waiting notifications is {result.Value}."));
    }

    /// <summary>
    /// Receives the head of the queue twice. The same notification is returned until it is deleted, which this check does not do: if the
    /// second response is another notification or empty, another consumer deleted the first.
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
            examination.AddFinding(DoctorFindingCode.ConsumerUnchecked, "No notification was waiting.");
            return;
        }

        await Task.Delay(watch, examination.Time, cancellationToken).ConfigureAwait(false);
        if (await ReceiveAsync(examination, cancellationToken).ConfigureAwait(false) is { } second)
        {
            var isUnchanged = second.Value?.ReceiptId == head;
            examination.AddFinding(
                isUnchanged ? DoctorFindingCode.ConsumerAlone : DoctorFindingCode.ConsumerSecond,
                isUnchanged ? "The same notification was received twice." : "A notification that the doctor did not delete left the queue while it was watched.");
        }
    }

    /// <returns>A task whose result is the response; null after a failure, which is added as a finding.</returns>
    private static async Task<GreenApiResult<ReceivedNotification>?> ReceiveAsync(Examination examination, CancellationToken cancellationToken)
    {
        var result = await examination.Client
            .ReceiveNotificationAsync(examination.Instance, GreenApiOptions.MinReceiveTimeout, cancellationToken).ConfigureAwait(false);
        if (result.IsOk)
        {
            return result;
        }

        examination.AddFailure("receiveNotification", result);
        return null;
    }
}
