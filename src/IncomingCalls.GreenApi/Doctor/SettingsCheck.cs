using IncomingCalls.GreenApi.Settings;

namespace IncomingCalls.GreenApi.Doctor;

/// <summary>Checks whether the settings enable call notifications, and where notifications are sent.</summary>
internal static class SettingsCheck
{
    public static async Task RunAsync(Examination examination, CancellationToken cancellationToken)
    {
        var result = await examination.SendAsync(client => client.GetSettingsAsync(examination.Instance, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (result.Value is not { } settings)
        {
            examination.AddFailure("getSettings", result);
            return;
        }

        examination.Account = settings.Wid;
        if (examination.Instance.Receive == ReceiveMode.Journal)
        {
            CheckJournal(examination, settings);
        }
        else
        {
            CheckSwitches(examination, settings);
        }

        examination.AddFinding(
            settings.EnableLidMode == true ? DoctorFindingCode.LidModeOn : DoctorFindingCode.LidModeOff,
            DescribeSwitch("enableLidMode", settings.EnableLidMode));
        if (examination.Instance.Receive == ReceiveMode.Polling)
        {
            CheckPolling(examination, settings);
        }
        else if (examination.Instance.Receive == ReceiveMode.Webhook)
        {
            CheckWebhook(examination, settings);
        }
    }

    /// <summary>Checks the settings that the call journal needs. The webhook and the queue of the instance belong to another integration.</summary>
    private static void CheckJournal(Examination examination, GreenApiSettings settings) => examination.AddFinding(
        settings is { IncomingCallWebhook: false } or { IncomingWebhook: false } ? DoctorFindingCode.JournalSettingsOff : DoctorFindingCode.JournalSettingsOn,
        $"The calls are read from the call journal. {DescribeSwitch("incomingWebhook", settings.IncomingWebhook)} {DescribeSwitch("incomingCallWebhook", settings.IncomingCallWebhook)}");

    private static void CheckSwitches(Examination examination, GreenApiSettings settings)
    {
        var code = settings.IncomingCallWebhook switch
        {
            true => DoctorFindingCode.CallNotificationsOn,
            false => DoctorFindingCode.CallNotificationsOff,
            null => DoctorFindingCode.CallNotificationsUnknown,
        };
        examination.AddFinding(code, DescribeSwitch("incomingCallWebhook", settings.IncomingCallWebhook));
        if (settings.IncomingWebhook == false)
        {
            examination.AddFinding(DoctorFindingCode.MessageNotificationsOff, "incomingWebhook is off.");
        }
    }

    private static void CheckPolling(Examination examination, GreenApiSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings.WebhookUrl))
        {
            examination.AddFinding(DoctorFindingCode.PollingPossible, "The instance is polled, and webhookUrl is empty.");
            return;
        }

        examination.AddFinding(
            DoctorFindingCode.PollingBlocked,
            WebhookAddress.Parse(settings.WebhookUrl) is { } address
                ? $"The instance is polled, but webhookUrl points to {WebhookAddress.OriginOf(address)}."
                : "The instance is polled, but webhookUrl is not empty.");
        CheckForeign(examination, settings);
    }

    private static void CheckWebhook(Examination examination, GreenApiSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings.WebhookUrl))
        {
            examination.AddFinding(DoctorFindingCode.WebhookUrlMissing, "The instance should post notifications to a webhook, but webhookUrl is empty.");
            return;
        }

        examination.AddFinding(ToUrlFindingCode(settings, examination.Options.WebhookUrl), DescribeUrl(settings, examination.Options.WebhookUrl));
        if (examination.Options.WebhookUrl is not null)
        {
            CheckForeign(examination, settings);
        }

        CheckToken(examination, settings);
    }

    /// <summary>Names the host of a webhookUrl that is not that of your webhook. A polled instance needs no webhook, so without a known address every other host is foreign.</summary>
    private static void CheckForeign(Examination examination, GreenApiSettings settings)
    {
        var expected = examination.Options.WebhookUrl;
        if (WebhookAddress.Parse(settings.WebhookUrl) is { } actual && !actual.IdnHost.Equals(expected?.IdnHost, StringComparison.OrdinalIgnoreCase))
        {
            examination.AddFinding(
                DoctorFindingCode.WebhookUrlForeign,
                expected is null
                    ? $"The notifications of this polled instance are posted to the host {actual.IdnHost}."
                    : $"The notifications are posted to the host {actual.IdnHost}; your webhook is on the host {expected.IdnHost}.");
        }
    }

    private static DoctorFindingCode ToUrlFindingCode(GreenApiSettings settings, Uri? expected) =>
        expected is null ? DoctorFindingCode.WebhookUrlUnchecked
        : WebhookAddress.Parse(settings.WebhookUrl) is { } actual && WebhookAddress.IsSame(actual, expected) ? DoctorFindingCode.WebhookUrlMatches
        : DoctorFindingCode.WebhookUrlMismatch;

    private static void CheckToken(Examination examination, GreenApiSettings settings)
    {
        if (examination.WebhookTokens.Count > 0)
        {
            var isMatch = examination.WebhookTokens.Any(settings.MatchesToken);
            examination.AddFinding(
                isMatch ? DoctorFindingCode.WebhookTokenMatches : DoctorFindingCode.WebhookTokenMismatch,
                isMatch ? "webhookUrlToken is the token of your webhook."
                : settings.HasWebhookUrlToken ? "webhookUrlToken differs from the token of your webhook."
                : "webhookUrlToken is empty, but your webhook requires a token.");
        }
        else if (!settings.HasWebhookUrlToken)
        {
            examination.AddFinding(DoctorFindingCode.WebhookTokenMissing, "webhookUrlToken is empty.");
        }
    }

    /// <summary>Describes webhookUrl in a sentence. A path is not shown because it may contain a secret, only whether the path differs.</summary>
    private static string DescribeUrl(GreenApiSettings settings, Uri? expected)
    {
        if (WebhookAddress.Parse(settings.WebhookUrl) is not { } actual)
        {
            return "webhookUrl is not an http or https address.";
        }

        var origin = WebhookAddress.OriginOf(actual);
        return expected is not null && !WebhookAddress.IsSame(actual, expected) && origin == WebhookAddress.OriginOf(expected)
            ? $"webhookUrl points to {origin}, but its path or query differs from that of your webhook."
            : $"webhookUrl points to {origin}.";
    }

    private static string DescribeSwitch(string name, bool? isOn) => isOn switch
    {
        true => $"{name} is on.",
        false => $"{name} is off.",
        null => $"{name} is missing in the settings.",
    };
}
