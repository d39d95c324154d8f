using IncomingCalls.GreenApi.Models;
using static IncomingCalls.DoctorFindingCode;
using static IncomingCalls.DoctorSeverity;

namespace IncomingCalls;

/// <summary>The findings of <see cref="CallDoctor"/>. The names are stable; docs/doctor.md lists them with their advice.</summary>
public enum DoctorFindingCode
{
    /// <summary>The API returned a response that this version does not know.</summary>
    AnswerUnknown = 0,

    /// <summary>The API accepted the apiTokenInstance.</summary>
    ApiTokenAccepted,

    /// <summary>The entry of the instance is invalid.</summary>
    InstanceUnusable,

    /// <summary>The entry has no apiTokenInstance, so the API could not be called.</summary>
    ApiTokenMissing,

    /// <summary>The connection to the API failed, or the API did not respond within the timeout.</summary>
    ApiUnreachable,

    /// <summary>The server at the ApiUrl is not the API.</summary>
    ApiUrlWrong,

    /// <summary>The API rejected the apiTokenInstance (401).</summary>
    ApiTokenRefused,

    /// <summary>The API rejected the idInstance (403).</summary>
    InstanceRefused,

    /// <summary>The instance has expired because it is no longer paid for, or it was deleted.</summary>
    InstanceExpired,

    /// <summary>The API received too many requests (429).</summary>
    ApiBusy,

    /// <summary>The API failed (500, 502, 503, 504).</summary>
    ApiFailing,

    /// <summary>The quota of the plan is exhausted (466).</summary>
    QuotaExceeded,

    /// <summary>The clock of this host agrees with the clock of the API.</summary>
    ClockRight,

    /// <summary>The clock of this host deviates by more than the tolerance: the alert window of a call is seconds too short or too long.</summary>
    ClockOff,

    /// <summary>The clock of this host deviates by a minute or more: every alert counts as expired, or none does.</summary>
    ClockFarOff,

    /// <summary>The API did not report its time.</summary>
    ClockUnknown,

    /// <summary>The instance is logged in to its messenger.</summary>
    InstanceAuthorized,

    /// <summary>The instance is not logged in to its messenger.</summary>
    InstanceNotAuthorized,

    /// <summary>The messenger has banned the account.</summary>
    InstanceBlocked,

    /// <summary>The instance is starting or being created.</summary>
    InstanceStarting,

    /// <summary>The messenger has restricted the account.</summary>
    InstanceSuspended,

    /// <summary>The phone is switched off.</summary>
    InstanceAsleep,

    /// <summary>The messenger waits for the password of the account.</summary>
    InstancePasswordPending,

    /// <summary>The instance is in a state that this version does not know.</summary>
    InstanceStateUnknown,

    /// <summary>Notifications about incoming calls are switched on.</summary>
    CallNotificationsOn,

    /// <summary>Notifications about incoming calls are switched off.</summary>
    CallNotificationsOff,

    /// <summary>The settings do not show whether notifications about incoming calls are switched on.</summary>
    CallNotificationsUnknown,

    /// <summary>Notifications about incoming messages are switched off; older servers then send none about calls either.</summary>
    MessageNotificationsOff,

    /// <summary>The instance is polled, and no setting prevents it.</summary>
    PollingPossible,

    /// <summary>The instance is polled, but a webhookUrl is set.</summary>
    PollingBlocked,

    /// <summary>The webhookUrl is the address of your webhook.</summary>
    WebhookUrlMatches,

    /// <summary>A webhookUrl is set; it was not compared, because the examination does not know the address of your webhook.</summary>
    WebhookUrlUnchecked,

    /// <summary>Notifications should be posted to your webhook, but no webhookUrl is set.</summary>
    WebhookUrlMissing,

    /// <summary>Notifications are posted to another address than that of your webhook.</summary>
    WebhookUrlMismatch,

    /// <summary>The webhookUrlToken is the token of your webhook.</summary>
    WebhookTokenMatches,

    /// <summary>Notifications are posted without a token.</summary>
    WebhookTokenMissing,

    /// <summary>Notifications are posted with another token than your webhook requires.</summary>
    WebhookTokenMismatch,

    /// <summary>Callers are identified by phone number.</summary>
    LidModeOff,

    /// <summary>Callers are identified by linked id, mostly without a name; their phone numbers are looked up unless they are hidden.</summary>
    LidModeOn,

    /// <summary>No notifications are waiting.</summary>
    QueueEmpty,

    /// <summary>Some notifications are waiting.</summary>
    QueueWaiting,

    /// <summary>Many notifications are waiting: new notifications arrive late.</summary>
    QueueLong,

    /// <summary>The number of waiting notifications could not be determined.</summary>
    QueueUnknown,

    /// <summary>No other consumer took a waiting notification.</summary>
    ConsumerAlone,

    /// <summary>Another consumer took a notification from the queue.</summary>
    ConsumerSecond,

    /// <summary>No notification was waiting that another consumer could have taken.</summary>
    ConsumerUnchecked,

    /// <summary>This host polls the instance, so other consumers cannot be distinguished from it.</summary>
    ConsumerIsThisHost,

    /// <summary>Your webhook acknowledged a notification.</summary>
    WebhookAnswers,

    /// <summary>The connection to your webhook failed, or it did not respond within the timeout.</summary>
    WebhookUnreachable,

    /// <summary>Your webhook rejected its token (401).</summary>
    WebhookRefusesToken,

    /// <summary>Your webhook rejected the sender or the instance (403).</summary>
    WebhookRefusesSender,

    /// <summary>Your webhook responded with a status code that does not acknowledge a notification.</summary>
    WebhookAnswersWrongly,

    /// <summary>The address of your webhook redirects to another address.</summary>
    WebhookRedirects,

    /// <summary>Nothing receives notifications at the path of the address (404 or 405).</summary>
    WebhookNotFound,

    /// <summary>A web page acknowledged the notification, so another program than your webhook has answered.</summary>
    WebhookAnswersPage,

    /// <summary>Your webhook acknowledged the notification and dropped it, because the host does not know the instance.</summary>
    WebhookDropsInstance,

    /// <summary>Your webhook rejected a wrong token.</summary>
    WebhookGuarded,

    /// <summary>Your webhook acknowledged a notification with a wrong token.</summary>
    WebhookUnguarded,

    /// <summary>Your webhook responded to a wrong token with neither 401 nor 200.</summary>
    WebhookGuardUnclear,

    /// <summary>Your webhook acknowledged a large notification.</summary>
    WebhookTakesLargeBodies,

    /// <summary>A large notification was rejected because of its size (413).</summary>
    WebhookLimitsSize,

    /// <summary>A large notification was answered with neither 200 nor 413.</summary>
    WebhookSizeUnclear,

    /// <summary>Several of the examined instances belong to the same messenger account.</summary>
    AccountOnSeveralInstances,

    /// <summary>The webhookUrl is an address of another host: another program receives the notifications of the instance.</summary>
    WebhookUrlForeign,

    /// <summary>The call journal is read, and the settings that it needs are on.</summary>
    JournalSettingsOn,

    /// <summary>The call journal is read, and a setting that it needs is off.</summary>
    JournalSettingsOff,
}

/// <summary>The severity and the advice of each finding; docs/doctor.md contains the same.</summary>
internal static class DoctorFindingCatalog
{
    public static (DoctorSeverity Severity, string? Advice) Get(DoctorFindingCode code) => code switch
    {
        AnswerUnknown => (Warning, "Repeat the examination. If the finding remains, update this package."),
        ApiTokenAccepted => (Ok, null),
        InstanceUnusable => (Error, "Correct the entry: the GREEN-API console shows idInstance, apiTokenInstance and apiUrl."),
        ApiTokenMissing => (Warning, "Add the ApiTokenInstance and repeat the examination: without it, neither the state nor the settings can be read."),
        ApiUnreachable => (Error, "Check the network, the proxy and the firewall of this host: it must reach the ApiUrl."),
        ApiUrlWrong => (Error, GreenApiStatusAdvice.Get(GreenApiStatus.NotFound)),
        ApiTokenRefused => (Error, GreenApiStatusAdvice.Get(GreenApiStatus.Unauthorized)),
        InstanceRefused => (Error, GreenApiStatusAdvice.Get(GreenApiStatus.Forbidden)),
        InstanceExpired => (Error, GreenApiStatusAdvice.Get(GreenApiStatus.Expired)),
        ApiBusy => (Warning, "Another program sends requests at the same time. Repeat the examination in a few seconds."),
        ApiFailing => (Warning, "The cause is on the side of GREEN-API. Repeat the examination in a few minutes."),
        QuotaExceeded => (Warning, "Check the plan in the GREEN-API console: the developer plan sends notifications of three chats per month only."),

        ClockRight => (Ok, null),
        ClockOff => (Warning, "Synchronize the clock of this host (NTP)."),
        ClockFarOff => (Error, "Set the clock of this host and synchronize it (NTP): alerts depend on it."),
        ClockUnknown => (Info, "Compare the clock of this host with another clock."),

        InstanceAuthorized => (Ok, null),
        InstanceNotAuthorized => (Error, "Log in: scan the QR code in the GREEN-API console with the phone."),
        InstanceBlocked => (Error, "Use another number, or ask the messenger to lift the ban."),
        InstanceStarting => (Warning, "Wait up to five minutes and repeat the examination."),
        InstanceSuspended => (Warning, "Send fewer messages to unknown recipients, and repeat the examination tomorrow."),
        InstanceAsleep => (Error, "Switch the phone on and connect it to the internet."),
        InstancePasswordPending => (Error, "Enter the password in the GREEN-API console."),
        InstanceStateUnknown => (Warning, "Check the state in the GREEN-API console, and update this package."),

        CallNotificationsOn => (Ok, null),
        CallNotificationsOff => (Error, "Switch incomingCallWebhook on in the GREEN-API console, or call EnsureCallNotificationsAsync. The instance restarts."),
        CallNotificationsUnknown => (Warning, "Check in the GREEN-API console whether notifications about incoming calls are switched on."),
        MessageNotificationsOff => (Warning, "Switch incomingWebhook on as well, unless calls arrive without it."),
        PollingPossible => (Ok, null),
        PollingBlocked => (Error, "Clear webhookUrl in the GREEN-API console and wait a minute, or set Receive to Webhook."),
        WebhookUrlMatches => (Ok, null),
        WebhookUrlUnchecked => (Info, "Compare webhookUrl with the address of your webhook, or pass that address to the examination."),
        WebhookUrlMissing => (Error, "Enter the address of your webhook as webhookUrl in the GREEN-API console, or set Receive to Polling."),
        WebhookUrlMismatch => (Error, "Find out which program entered that address, and enter the address of your webhook again."),
        WebhookTokenMatches => (Ok, null),
        WebhookTokenMissing => (Warning, "Enter a token as webhookUrlToken in the GREEN-API console, and configure your webhook to require it."),
        WebhookTokenMismatch => (Error, "Enter the token of your webhook as webhookUrlToken in the GREEN-API console: your webhook rejects every other token, and the queue does not advance."),
        LidModeOff => (Ok, null),
        LidModeOn => (Info, "GreenApi:LinkedIdLookupsPerMonth limits how many phone numbers are looked up. If you need the number of every caller, switch enableLidMode off in the GREEN-API console; the QR code must then be scanned again with the phone."),

        QueueEmpty => (Ok, null),
        QueueWaiting => (Info, "If the number does not decrease, notifications are not received: start your host, or check its log."),
        QueueLong => (Warning, "Check whether your host runs, and whether its log reports notifications that are not acknowledged."),
        QueueUnknown => (Info, null),
        ConsumerAlone => (Ok, null),
        ConsumerSecond => (Warning, "Unless it was your own host, find the other program and stop it: only one poller per instance is allowed."),
        ConsumerUnchecked => (Info, "If you suspect another consumer, stop your host, call the number and repeat the examination."),
        ConsumerIsThisHost => (Info, "If you suspect another consumer, stop this host and run the examination from the command line."),

        WebhookAnswers => (Ok, null),
        WebhookUnreachable => (Error, "Check that the host runs, and that the address, its host name and its certificate are correct."),
        WebhookRefusesToken => (Error, "Configure the same token for your webhook, in the GREEN-API console and for the examination."),
        WebhookRefusesSender => (Warning, "If AllowedSenders is set, run the examination from an allowed address. Otherwise check to which instance the token or the webhook address belongs."),
        WebhookAnswersWrongly => (Error, "Correct the path and the proxy, or check the log of the host: only 200 acknowledges a notification."),
        WebhookRedirects => (Error, "Enter the address that the redirect leads to as webhookUrl in the GREEN-API console: only 200 acknowledges a notification."),
        WebhookNotFound => (Error, "Correct the path in webhookUrl: it is the pattern of MapIncomingCalls, and in front of it the prefix that a proxy removes."),
        WebhookAnswersPage => (Error, "Correct the address in webhookUrl: the gateway takes the page for your webhook, and calls are lost."),
        WebhookDropsInstance => (Error, "Add the instance to the configuration of the host (GreenApi:Instances) or to its instance source."),
        WebhookGuarded => (Ok, null),
        WebhookUnguarded => (Error, "Configure your webhook to require a token: without it, it accepts call notifications from any sender."),
        WebhookGuardUnclear => (Warning, "Check what is in front of your webhook, for example a proxy: a wrong token must be answered with 401."),
        WebhookTakesLargeBodies => (Ok, null),
        WebhookLimitsSize => (Error, "Raise the limit of the proxy in front of your webhook to 16 MiB, in nginx with client_max_body_size 16m: a message with a picture is otherwise redelivered for 24 hours, and the calls behind it wait."),
        WebhookSizeUnclear => (Warning, "Check the proxy in front of your webhook, and the log of the host: messages with pictures are as large."),
        AccountOnSeveralInstances => (Warning, "Unless they are of different messengers, remove all but one of them from this host: each reports every call of the account, and each report makes an alert and a record of its own."),
        WebhookUrlForeign => (Warning, "Before you change webhookUrl, find out whose program it is: it receives the calls and messages of this instance, and stops receiving them then. If it is still needed, give this host an instance of its own, or set Receive to Journal."),
        JournalSettingsOn => (Ok, null),
        JournalSettingsOff => (Error, "Ask the owner of the other integration, and switch incomingWebhook and incomingCallWebhook on in the GREEN-API console: without them the journal contains no calls. The instance restarts. This host changes nothing."),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "The finding code is not defined."),
    };
}
