namespace IncomingCalls;

/// <summary>Whether the settings let calls through, and to whom.</summary>
internal static class SettingsCheck
{
    public static async Task RunAsync(Examination examination, CancellationToken cancellationToken)
    {
        var answer = await examination.Client.GetSettingsAsync(examination.Instance, cancellationToken).ConfigureAwait(false);
        if (answer.Value is not { } settings)
        {
            examination.AddFailure("getSettings", answer);
            return;
        }

        JudgeSwitches(examination, settings);
        if (examination.Instance.Receive == ReceiveMode.Polling)
        {
            JudgePolling(examination, settings);
        }
        else
        {
            JudgeWebhook(examination, settings);
        }
    }

    private static void JudgeSwitches(Examination examination, GreenApiSettings settings)
    {
        var code = settings.IncomingCallWebhook switch
        {
            true => DoctorFindingCode.CallNotificationsOn,
            false => DoctorFindingCode.CallNotificationsOff,
            null => DoctorFindingCode.CallNotificationsUntold,
        };
        examination.Add(code, $"incomingCallWebhook is {Text(settings.IncomingCallWebhook)}.");
        if (settings.IncomingWebhook == false)
        {
            examination.Add(DoctorFindingCode.MessageNotificationsOff, "incomingWebhook is off.");
        }

        examination.Add(
            settings.EnableLidMode == true ? DoctorFindingCode.LidModeOn : DoctorFindingCode.LidModeOff,
            $"enableLidMode is {Text(settings.EnableLidMode)}.");
    }

    private static void JudgePolling(Examination examination, GreenApiSettings settings)
    {
        var isFree = string.IsNullOrWhiteSpace(settings.WebhookUrl);
        examination.Add(
            isFree ? DoctorFindingCode.PollingPossible : DoctorFindingCode.PollingBlocked,
            isFree ? "The instance is polled, and webhookUrl is empty." : $"The instance is polled, but webhookUrl leads to {ServerOf(settings)}.");
    }

    private static void JudgeWebhook(Examination examination, GreenApiSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings.WebhookUrl))
        {
            examination.Add(DoctorFindingCode.WebhookUrlMissing, "The instance should post to a webhook, but webhookUrl is empty.");
            return;
        }

        examination.Add(UrlCodeOf(settings, examination.Options.WebhookUrl), $"webhookUrl leads to {ServerOf(settings)}{PathOf(settings, examination.Options.WebhookUrl)}.");
        JudgeToken(examination, settings);
    }

    private static DoctorFindingCode UrlCodeOf(GreenApiSettings settings, Uri? ours) =>
        ours is null ? DoctorFindingCode.WebhookUrlUnchecked
        : WebhookAddress.Parse(settings.WebhookUrl) is { } theirs && WebhookAddress.IsSame(theirs, ours) ? DoctorFindingCode.WebhookUrlOurs
        : DoctorFindingCode.WebhookUrlForeign;

    private static void JudgeToken(Examination examination, GreenApiSettings settings)
    {
        if (examination.WebhookTokens.Count > 0)
        {
            var isOurs = examination.WebhookTokens.Any(settings.HoldsToken);
            examination.Add(
                isOurs ? DoctorFindingCode.WebhookTokenOurs : DoctorFindingCode.WebhookTokenForeign,
                isOurs ? "webhookUrlToken is that of our webhook." : $"webhookUrlToken is {(settings.HasWebhookUrlToken ? "another one than" : "empty, unlike")} that of our webhook.");
        }
        else if (!settings.HasWebhookUrlToken)
        {
            examination.Add(DoctorFindingCode.WebhookTokenMissing, "webhookUrlToken is empty.");
        }
    }

    private static string ServerOf(GreenApiSettings settings) =>
        WebhookAddress.Parse(settings.WebhookUrl) is { } address ? WebhookAddress.ServerOf(address) : "no address of HTTP";

    /// <summary>A path is not shown, it may hold a secret; only that it is the path which is wrong.</summary>
    private static string PathOf(GreenApiSettings settings, Uri? ours) =>
        ours is not null && WebhookAddress.Parse(settings.WebhookUrl) is { } theirs && !WebhookAddress.IsSame(theirs, ours)
        && WebhookAddress.ServerOf(theirs) == WebhookAddress.ServerOf(ours) ? ", but to another path than ours" : "";

    private static string Text(bool? isOn) => isOn switch { true => "on", false => "off", null => "not told" };
}
