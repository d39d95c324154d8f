using IncomingCalls.GreenApi.Settings;

namespace IncomingCalls.GreenApi.Doctor;

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

        CheckSwitches(examination, settings);
        if (examination.Instance.Receive == ReceiveMode.Polling)
        {
            CheckPolling(examination, settings);
        }
        else
        {
            CheckWebhook(examination, settings);
        }
    }

    private static void CheckSwitches(Examination examination, GreenApiSettings settings)
    {
        var code = settings.IncomingCallWebhook switch
        {
            true => DoctorFindingCode.CallNotificationsOn,
            false => DoctorFindingCode.CallNotificationsOff,
            null => DoctorFindingCode.CallNotificationsUnknown,
        };
        examination.AddFinding(code, $"incomingCallWebhook is {FormatSwitch(settings.IncomingCallWebhook)}.");
        if (settings.IncomingWebhook == false)
        {
            examination.AddFinding(DoctorFindingCode.MessageNotificationsOff, "incomingWebhook is off.");
        }

        examination.AddFinding(
            settings.EnableLidMode == true ? DoctorFindingCode.LidModeOn : DoctorFindingCode.LidModeOff,
            $"enableLidMode is {FormatSwitch(settings.EnableLidMode)}.");
    }

    private static void CheckPolling(Examination examination, GreenApiSettings settings)
    {
        var isFree = string.IsNullOrWhiteSpace(settings.WebhookUrl);
        examination.AddFinding(
            isFree ? DoctorFindingCode.PollingPossible : DoctorFindingCode.PollingBlocked,
            isFree ? "The instance is polled, and webhookUrl is empty." : $"The instance is polled, but webhookUrl leads to {DescribeOrigin(settings)}.");
    }

    private static void CheckWebhook(Examination examination, GreenApiSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings.WebhookUrl))
        {
            examination.AddFinding(DoctorFindingCode.WebhookUrlMissing, "The instance should post to a webhook, but webhookUrl is empty.");
            return;
        }

        examination.AddFinding(ToUrlFindingCode(settings, examination.Options.WebhookUrl), $"webhookUrl leads to {DescribeOrigin(settings)}{DescribePathMismatch(settings, examination.Options.WebhookUrl)}.");
        CheckToken(examination, settings);
    }

    private static DoctorFindingCode ToUrlFindingCode(GreenApiSettings settings, Uri? ours) =>
        ours is null ? DoctorFindingCode.WebhookUrlUnchecked
        : WebhookAddress.Parse(settings.WebhookUrl) is { } theirs && WebhookAddress.IsSame(theirs, ours) ? DoctorFindingCode.WebhookUrlMatches
        : DoctorFindingCode.WebhookUrlMismatch;

    private static void CheckToken(Examination examination, GreenApiSettings settings)
    {
        if (examination.WebhookTokens.Count > 0)
        {
            var isOurs = examination.WebhookTokens.Any(settings.MatchesToken);
            examination.AddFinding(
                isOurs ? DoctorFindingCode.WebhookTokenMatches : DoctorFindingCode.WebhookTokenMismatch,
                isOurs ? "webhookUrlToken is that of our webhook." : $"webhookUrlToken is {(settings.HasWebhookUrlToken ? "another one than" : "empty, unlike")} that of our webhook.");
        }
        else if (!settings.HasWebhookUrlToken)
        {
            examination.AddFinding(DoctorFindingCode.WebhookTokenMissing, "webhookUrlToken is empty.");
        }
    }

    private static string DescribeOrigin(GreenApiSettings settings) =>
        WebhookAddress.Parse(settings.WebhookUrl) is { } address ? WebhookAddress.OriginOf(address) : "no address of HTTP";

    /// <summary>A path is not shown, it may hold a secret; only that it is the path which is wrong.</summary>
    private static string DescribePathMismatch(GreenApiSettings settings, Uri? ours) =>
        ours is not null && WebhookAddress.Parse(settings.WebhookUrl) is { } theirs && !WebhookAddress.IsSame(theirs, ours)
        && WebhookAddress.OriginOf(theirs) == WebhookAddress.OriginOf(ours) ? ", but to another path than ours" : "";

    private static string FormatSwitch(bool? isOn) => isOn switch { true => "on", false => "off", null => "not told" };
}
