using static IncomingCalls.DoctorFindingCode;
using static IncomingCalls.DoctorSeverity;

namespace IncomingCalls;

/// <summary>How bad each finding is, and what to do about it; docs/doctor.md says the same.</summary>
internal static class DoctorFindingCatalog
{
    public static (DoctorSeverity Severity, string? Advice) Get(DoctorFindingCode code) => code switch
    {
        AnswerUnknown => (Warning, "Repeat the examination. If it stays, look for a newer version of this package."),
        ApiTokenAccepted => (Ok, null),
        InstanceUnusable => (Error, "Correct the entry: the console shows idInstance, apiTokenInstance and apiUrl."),
        ApiTokenMissing => (Warning, "Add the ApiTokenInstance and examine again: without it neither state nor settings can be read."),
        ApiUnreachable => (Error, "Look at the network, the proxy and the firewall of this host: it must reach the ApiUrl."),
        ApiUrlWrong => (Error, PollerStateMapping.GetAdvice(GreenApiStatus.NotFound)),
        ApiTokenRefused => (Error, PollerStateMapping.GetAdvice(GreenApiStatus.Unauthorized)),
        InstanceRefused => (Error, PollerStateMapping.GetAdvice(GreenApiStatus.Forbidden)),
        InstanceExpired => (Error, PollerStateMapping.GetAdvice(GreenApiStatus.Expired)),
        ApiBusy => (Warning, "Something else asks at the same time: repeat the examination in a few seconds."),
        ApiFailing => (Warning, "GREEN-API has a problem of its own: repeat the examination in a few minutes."),
        QuotaExceeded => (Warning, "Look at the plan in the console: the developer plan notifies of three chats a month only."),

        ClockRight => (Ok, null),
        ClockOff => (Warning, "Let this host synchronise its clock (NTP)."),
        ClockFarOff => (Error, "Set the clock of this host, and let it synchronise (NTP): alerts go by it."),
        ClockUnknown => (Info, "Compare the clock of this host with another one."),

        InstanceAuthorized => (Ok, null),
        InstanceNotAuthorized => (Error, "Log in: scan the QR code in the console with the phone."),
        InstanceBlocked => (Error, "Use another number, or ask the messenger to lift the ban."),
        InstanceStarting => (Warning, "Wait up to five minutes, and examine again."),
        InstanceSuspended => (Warning, "Write less to strangers, and examine again tomorrow."),
        InstanceAsleep => (Error, "Switch the phone on, and connect it to the internet."),
        InstancePasswordPending => (Error, "Enter the password in the console."),
        InstanceStateUnknown => (Warning, "Look at the state in the console, and for a newer version of this package."),

        CallNotificationsOn => (Ok, null),
        CallNotificationsOff => (Error, "Switch incomingCallWebhook on in the console, or call EnsureCallNotificationsAsync; the instance restarts."),
        CallNotificationsUnknown => (Warning, "Look in the console whether incoming calls are notified."),
        MessageNotificationsOff => (Warning, "Switch incomingWebhook on as well, unless calls arrive without it."),
        PollingPossible => (Ok, null),
        PollingBlocked => (Error, "Clear webhookUrl in the console and wait a minute, or set Receive to Webhook."),
        WebhookUrlMatches => (Ok, null),
        WebhookUrlUnchecked => (Info, "Compare it with the address of your host, or name that address to the examination."),
        WebhookUrlMissing => (Error, "Enter the address of your webhook as webhookUrl in the console, or set Receive to Polling."),
        WebhookUrlMismatch => (Error, "Find out which program entered that address, and enter yours again."),
        WebhookTokenMatches => (Ok, null),
        WebhookTokenMissing => (Warning, "Enter a token as webhookUrlToken in the console, and let your webhook ask for it."),
        WebhookTokenMismatch => (Error, "Enter the token of your webhook as webhookUrlToken in the console: it refuses every other, and the queue stands still."),
        LidModeOff => (Ok, null),
        LidModeOn => (Info, "Switch enableLidMode off in the console if you need phone numbers; the phone must scan the QR code again."),

        QueueEmpty => (Ok, null),
        QueueWaiting => (Info, "If it does not become less, nobody takes notifications out: start your host, or look at its log."),
        QueueLong => (Warning, "See whether your host runs, and what its log says about notifications that are not acknowledged."),
        QueueUnknown => (Info, null),
        ConsumerAlone => (Ok, null),
        ConsumerSecond => (Warning, "If it was not your own host, find the other program and stop it: one poller per instance."),
        ConsumerUnchecked => (Info, "If you suspect another program, stop your host, ring the number and examine again."),
        ConsumerIsThisHost => (Info, "If you suspect another program, stop this host and examine from the command line."),

        WebhookAnswers => (Ok, null),
        WebhookUnreachable => (Error, "See whether the host runs and the address, its name and its certificate are right."),
        WebhookRefusesToken => (Error, "Enter the same token at your webhook, in the console and here."),
        WebhookRefusesSender => (Warning, "If AllowedSenders is set, examine from an address that it allows; else see to whose instance the token or the address belongs."),
        WebhookAnswersWrongly => (Error, "Correct path and proxy, or look at the log of the host: only 200 acknowledges a notification."),
        WebhookGuarded => (Ok, null),
        WebhookUnguarded => (Error, "Let your webhook ask for a token: anybody can tell it of calls."),
        WebhookGuardUnclear => (Warning, "See what stands before your webhook: a wrong token should be answered 401."),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "There is no such finding."),
    };
}
