using IncomingCalls.GreenApi.Models;
using static IncomingCalls.DoctorFindingCode;
using static IncomingCalls.DoctorSeverity;

namespace IncomingCalls;

/// <summary>What <see cref="CallDoctor"/> can find. The names are stable, and listed with what to do in docs/doctor.md.</summary>
public enum DoctorFindingCode
{
    /// <summary>The API answered in a way that this version does not know.</summary>
    AnswerUnknown = 0,

    /// <summary>The API took the apiTokenInstance.</summary>
    ApiTokenAccepted,

    /// <summary>The entry of the instance cannot work.</summary>
    InstanceUnusable,

    /// <summary>The entry has no apiTokenInstance, so that the API could not be asked.</summary>
    ApiTokenMissing,

    /// <summary>There was no connection to the API, or no answer in time.</summary>
    ApiUnreachable,

    /// <summary>Something else than the API answers at the ApiUrl.</summary>
    ApiUrlWrong,

    /// <summary>The API refused the apiTokenInstance (401).</summary>
    ApiTokenRefused,

    /// <summary>The API refused the idInstance (403).</summary>
    InstanceRefused,

    /// <summary>The instance is not paid for any more, or deleted.</summary>
    InstanceExpired,

    /// <summary>The API had too many requests (429).</summary>
    ApiBusy,

    /// <summary>The API failed (500, 502, 503, 504).</summary>
    ApiFailing,

    /// <summary>The quota of the plan is used up (466).</summary>
    QuotaExceeded,

    /// <summary>This host's clock agrees with the server's.</summary>
    ClockRight,

    /// <summary>This host's clock is off by more than the tolerance: alerts lose seconds, or outlive them.</summary>
    ClockOff,

    /// <summary>This host's clock is off by a minute or more: every alert counts as too late, or none does.</summary>
    ClockFarOff,

    /// <summary>The API did not tell the time.</summary>
    ClockUnknown,

    /// <summary>The instance is logged in to its messenger.</summary>
    InstanceAuthorized,

    /// <summary>The instance is not logged in to its messenger.</summary>
    InstanceNotAuthorized,

    /// <summary>The messenger has banned the account.</summary>
    InstanceBlocked,

    /// <summary>The instance is starting or being created.</summary>
    InstanceStarting,

    /// <summary>The messenger has limited the account.</summary>
    InstanceSuspended,

    /// <summary>The phone is switched off.</summary>
    InstanceAsleep,

    /// <summary>The messenger waits for the account's password.</summary>
    InstancePasswordPending,

    /// <summary>The instance is in a state that this version does not know.</summary>
    InstanceStateUnknown,

    /// <summary>Incoming calls are notified.</summary>
    CallNotificationsOn,

    /// <summary>Incoming calls are not notified.</summary>
    CallNotificationsOff,

    /// <summary>The settings do not tell whether incoming calls are notified.</summary>
    CallNotificationsUnknown,

    /// <summary>Incoming messages are not notified; on older servers calls are not either, then.</summary>
    MessageNotificationsOff,

    /// <summary>The instance is polled, and nothing stands against it.</summary>
    PollingPossible,

    /// <summary>The instance is polled, but a webhookUrl is set.</summary>
    PollingBlocked,

    /// <summary>The webhookUrl is ours.</summary>
    WebhookUrlMatches,

    /// <summary>A webhookUrl is set; whether it is ours was not to be known.</summary>
    WebhookUrlUnchecked,

    /// <summary>Notifications should be posted to us, but no webhookUrl is set.</summary>
    WebhookUrlMissing,

    /// <summary>Notifications are posted to somebody else.</summary>
    WebhookUrlMismatch,

    /// <summary>The webhookUrlToken is ours.</summary>
    WebhookTokenMatches,

    /// <summary>Notifications are posted without a token.</summary>
    WebhookTokenMissing,

    /// <summary>Notifications are posted with another token than our webhook asks for.</summary>
    WebhookTokenMismatch,

    /// <summary>Callers come with their phone numbers.</summary>
    LidModeOff,

    /// <summary>Callers come as linked ids, without phone numbers and mostly without names.</summary>
    LidModeOn,

    /// <summary>No notification waits.</summary>
    QueueEmpty,

    /// <summary>Some notifications wait.</summary>
    QueueWaiting,

    /// <summary>Many notifications wait: what comes now, comes late.</summary>
    QueueLong,

    /// <summary>How many notifications wait was not to be known.</summary>
    QueueUnknown,

    /// <summary>Nobody else took a waiting notification.</summary>
    ConsumerAlone,

    /// <summary>Somebody else took a notification out of the queue.</summary>
    ConsumerSecond,

    /// <summary>Nothing waited that somebody else could have taken.</summary>
    ConsumerUnchecked,

    /// <summary>This host polls the instance itself, so that others could not be told from it.</summary>
    ConsumerIsThisHost,

    /// <summary>Our webhook took a notification.</summary>
    WebhookAnswers,

    /// <summary>There was no connection to our webhook, or no answer in time.</summary>
    WebhookUnreachable,

    /// <summary>Our webhook refused its token (401).</summary>
    WebhookRefusesToken,

    /// <summary>Our webhook refused the sender or the instance (403).</summary>
    WebhookRefusesSender,

    /// <summary>Our webhook answered neither 200 nor 401 nor 403.</summary>
    WebhookAnswersWrongly,

    /// <summary>Our webhook refused a wrong token.</summary>
    WebhookGuarded,

    /// <summary>Our webhook took a notification with a wrong token.</summary>
    WebhookUnguarded,

    /// <summary>Our webhook answered a wrong token neither 401 nor 200.</summary>
    WebhookGuardUnclear,
}

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
        ApiUrlWrong => (Error, GreenApiStatusAdvice.Get(GreenApiStatus.NotFound)),
        ApiTokenRefused => (Error, GreenApiStatusAdvice.Get(GreenApiStatus.Unauthorized)),
        InstanceRefused => (Error, GreenApiStatusAdvice.Get(GreenApiStatus.Forbidden)),
        InstanceExpired => (Error, GreenApiStatusAdvice.Get(GreenApiStatus.Expired)),
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
