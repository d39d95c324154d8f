namespace IncomingCalls;

/// <summary>
/// Switches the call notifications of an instance on. Writes nothing when the settings are already as wanted, because writing restarts the
/// instance.
/// </summary>
internal static class CallNotificationSetup
{
    public static async Task<CallNotificationsResult> EnsureAsync(
        GreenApiClient client, CallInstance instance, GreenApiSettingsChange? additionalChanges, CancellationToken cancellationToken)
    {
        var read = await client.GetSettingsAsync(instance, cancellationToken).ConfigureAwait(false);
        if (!read.IsOk)
        {
            return new() { Status = read.Status, Differences = [] };
        }

        var change = CreateChange(additionalChanges).DifferenceFrom(read.Value!);
        string[] differences = [.. change.SettingNames];
        if (differences.Length == 0)
        {
            return new() { Status = read.Status, Differences = differences };
        }

        var written = await client.SetSettingsAsync(instance, change, cancellationToken).ConfigureAwait(false);
        return new() { Status = written.Status, Differences = differences, IsWritten = written is { IsOk: true, Value: true } };
    }

    private static GreenApiSettingsChange CreateChange(GreenApiSettingsChange? additionalChanges) => new()
    {
        WebhookUrl = additionalChanges?.WebhookUrl,
        WebhookUrlToken = additionalChanges?.WebhookUrlToken,
        // Servers before July 2026 send no call notifications without it.
        IncomingWebhook = additionalChanges?.IncomingWebhook ?? true,
        IncomingCallWebhook = true,
        OutgoingCallWebhook = additionalChanges?.OutgoingCallWebhook,
    };
}

/// <summary>The result of <see cref="GreenApiClient.EnsureCallNotificationsAsync"/>. Its text is safe for logs.</summary>
public sealed class CallNotificationsResult
{
    /// <summary>The status of the last request: of getSettings when it failed or found no difference, otherwise of setSettings.</summary>
    public required GreenApiStatus Status { get; init; }

    /// <summary>
    /// The names of the settings that differed from the wanted values, as the API spells them, for example <c>incomingCallWebhook</c>;
    /// empty when there was no difference.
    /// </summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>Whether settings were written. The instance then restarts and sends no notifications for up to five minutes.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Whether the settings have the wanted values: they had them before, or they were written.</summary>
    public bool IsEnsured => Status == GreenApiStatus.Ok && (IsWritten || Differences.Count == 0);

    /// <summary>Gets a description of the result that contains no value of a setting.</summary>
    /// <returns>A text that is safe for logs.</returns>
    public override string ToString() => this switch
    {
        { Status: GreenApiStatus.Ok, Differences.Count: 0 } => "All settings are as wanted.",
        { IsWritten: true } => $"Written: {string.Join(", ", Differences)}. The instance restarts.",
        { Differences.Count: 0 } => $"The settings could not be read ({Status}).",
        _ => $"The settings differ but were not written ({Status}): {string.Join(", ", Differences)}.",
    };
}
