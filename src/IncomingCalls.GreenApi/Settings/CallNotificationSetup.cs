namespace IncomingCalls;

/// <summary>Makes an instance notify calls, and leaves it in peace when it does already.</summary>
internal static class CallNotificationSetup
{
    public static async Task<CallNotificationsResult> EnsureAsync(
        GreenApiClient client, CallInstance instance, GreenApiSettingsChange? also, CancellationToken cancellationToken)
    {
        var read = await client.GetSettingsAsync(instance, cancellationToken).ConfigureAwait(false);
        if (!read.IsOk)
        {
            return new() { Status = read.Status, Differences = [] };
        }

        var change = CreateChange(also).DifferenceFrom(read.Value!);
        string[] differences = [.. change.SettingNames];
        if (differences.Length == 0)
        {
            return new() { Status = read.Status, Differences = differences };
        }

        var written = await client.SetSettingsAsync(instance, change, cancellationToken).ConfigureAwait(false);
        return new() { Status = written.Status, Differences = differences, IsWritten = written is { IsOk: true, Value: true } };
    }

    private static GreenApiSettingsChange CreateChange(GreenApiSettingsChange? also) => new()
    {
        WebhookUrl = also?.WebhookUrl,
        WebhookUrlToken = also?.WebhookUrlToken,
        // Servers before July 2026 notify no calls without it.
        IncomingWebhook = also?.IncomingWebhook ?? true,
        IncomingCallWebhook = true,
        OutgoingCallWebhook = also?.OutgoingCallWebhook,
    };
}
