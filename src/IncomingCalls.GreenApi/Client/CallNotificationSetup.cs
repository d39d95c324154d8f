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

/// <summary>What <see cref="GreenApiClient.EnsureCallNotificationsAsync"/> found and did. Its text is fit for logs.</summary>
public sealed class CallNotificationsResult
{
    /// <summary>What the last answer of the API means: that of getSettings when it failed or nothing was different, else that of setSettings.</summary>
    public required GreenApiStatus Status { get; init; }

    /// <summary>The names of the settings that were not as wanted, as the API spells them, such as <c>incomingCallWebhook</c>; empty when all were.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>Whether settings were written: the instance restarts now, and hears nothing for up to five minutes.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Whether the settings are as wanted: they were before, or they have been written.</summary>
    public bool IsEnsured => Status == GreenApiStatus.Ok && (IsWritten || Differences.Count == 0);

    /// <summary>What happened, without any value of a setting.</summary>
    /// <returns>One sentence.</returns>
    public override string ToString() => this switch
    {
        { Status: GreenApiStatus.Ok, Differences.Count: 0 } => "All settings are as wanted.",
        { IsWritten: true } => $"Written: {string.Join(", ", Differences)}. The instance restarts.",
        { Differences.Count: 0 } => $"The settings could not be read ({Status}).",
        _ => $"Different, but not written ({Status}): {string.Join(", ", Differences)}.",
    };
}
